import { describe, expect, it } from 'vitest';
import type { PluginServices } from '../plugin-services.js';
import { PluginFactory } from './plugin-factory.js';

describe(PluginFactory, () => {
  const factory = new PluginFactory({} as PluginServices);
  const patternTimeOf = async (team: string, bound: boolean) => {
    const entry = { name: 'deny', kind: 'deny_filter', config: { words: ['a'] }, conditions: [{ tenant_ids: [team] }] };
    return (await factory.make(entry, {}, 'plugins[0]', bound)).patternTime;
  };

  it('should give the patterns of one team one share of time, and nobody else’s', async () => {
    const red = await patternTimeOf('red', true);
    expect(await patternTimeOf('red', true)).toBe(red);
    expect(await patternTimeOf('blue', true)).not.toBe(red);
    expect(await patternTimeOf('red', false)).not.toBe(red);
  });

  it('should give a plugin of the file its time anew for each hook', async () => {
    const entry = { name: 'deny', kind: 'deny_filter', config: { words: ['a'] } };
    const plugin = await factory.make(entry, {}, 'plugins[0]');
    expect(plugin.patternTime).not.toBe(plugin.patternTime);
  });

  const rules = (search: string, count: number) => ({
    name: 'words',
    kind: 'regex_filter',
    config: { words: Array.from({ length: count }, () => ({ search, replace: '' })) },
  });

  it('should refuse a binding whose patterns are too large together, by the first that is', async () => {
    const [fault, ...others] = await factory.faultsOfMaking(rules('(?:a?){900}b', 6), 'policies[0]');
    expect(fault).toBe(
      'policies[0].config.words[5].search: pattern makes all patterns together compile to more than 10000 instructions',
    );
    expect(others).toEqual([]);
    expect(await factory.faultsOfMaking(rules(String.raw`\bEMP\d{6}\b`, 500), 'policies[0]')).toEqual([]);
  });

  it('should leave the operator as many as he wants', async () => {
    await expect(factory.make(rules('(?:a?){900}b', 6), {}, 'plugins[0]')).resolves.toBeDefined();
  });
});
