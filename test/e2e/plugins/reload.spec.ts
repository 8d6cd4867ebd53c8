import { symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { jsonOf } from '../mcp/raw-caller.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { GuardedGate } from './guarded-gate.js';

const denying = (word: string) => ({
  name: 'Deny',
  kind: 'plugins.deny_filter.deny.DenyListPlugin',
  hooks: ['tool_pre_invoke'],
  config: { words: [word] },
});

describe('the file of plugins', () => {
  let guarded: GuardedGate;
  beforeEach(async () => {
    guarded = await GuardedGate.start({}, { PLUGIN_CONFIG_POLL_MS: '50' });
  });
  afterEach(() => guarded.stop());

  const passes = async (text: string): Promise<boolean> => {
    const answer = await guarded.gate.callers.legacy.legacy('tools/call', { name: 'tool', arguments: { text } });
    return jsonOf(answer).error === undefined;
  };
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await pause(10);
  };

  it('is read again when it changes, with nobody asking', async () => {
    expect(await passes('first')).toBe(true);
    writeFileSync(guarded.file, stringify({ plugins: [denying('first')] }));
    await until(async () => !(await passes('first')));
    expect(await passes('second')).toBe(true);
  });

  it('is followed where it is a link that is changed, as a ConfigMap changes it', async () => {
    const other = join(guarded.file, '..', 'other.yaml');
    writeFileSync(other, stringify({ plugins: [denying('first')] }));
    unlinkSync(guarded.file);
    symlinkSync(other, guarded.file);
    await until(async () => !(await passes('first')));
  });

  it.each([
    ['is no YAML', 'plugins: ['],
    ['names a plugin that is none', stringify({ plugins: [{ ...denying('x'), kind: 'plugins.none.None' }] })],
    ['has a key that the plugin does not know', stringify({ plugins: [{ ...denying('x'), config: { word: ['x'] } }] })],
    [
      'has a hook that the plugin does not serve',
      stringify({ plugins: [{ ...denying('x'), hooks: ['tool_post_invoke'] }] }),
    ],
    ['has one name twice', stringify({ plugins: [denying('x'), denying('y')] })],
  ])('keeps those that run where it %s, and says so', async (_, text) => {
    await guarded.plugins([denying('first')]);
    await guarded.write(text);
    expect(guarded.loader.state.faults.length).toBeGreaterThan(0);
    expect([await passes('first'), await passes('x')]).toEqual([false, true]);
    await guarded.plugins([denying('x')]);
    expect([await passes('first'), await passes('x')]).toEqual([true, false]);
    expect(guarded.loader.state.faults).toEqual([]);
  });

  it.each([
    ['is empty', ''],
    ['has only a comment', '# plugins'],
    ['has a list without items', 'plugins:\n'],
    ['has settings only', 'plugin_settings: { plugin_timeout: 5 }'],
  ])('keeps those that run where it %s for a moment, while somebody writes it', async (_, text) => {
    await guarded.plugins([denying('first')]);
    await guarded.write(text);
    expect(guarded.loader.state.faults).toEqual([expect.stringContaining('plugins: []')]);
    expect(await passes('first')).toBe(false);
    await guarded.write('plugins: []');
    expect(await passes('first')).toBe(true);
  });

  it('has faults until it has none, whatever else changes', async () => {
    await guarded.plugins([denying('first')]);
    await guarded.write('plugins: 7');
    const { faults } = guarded.loader.state;
    await guarded.gate.running.rest('PUT', '/admin/plugins/Deny', { mode: 'permissive' });
    expect(guarded.loader.state.faults).toEqual(faults);
    expect(await passes('first')).toBe(true);
    await guarded.gate.running.rest('PUT', '/admin/plugins/Deny', { mode: null });
  });

  it('may call a plugin by a name that every object has', async () => {
    await guarded.plugins([{ ...denying('first'), name: 'constructor' }]);
    expect(guarded.loader.running[0]?.run).toMatchObject({ mode: 'enforce', onError: 'fail' });
  });

  it('keeps those that run where it is gone', async () => {
    await guarded.plugins([denying('first')]);
    unlinkSync(guarded.file);
    await guarded.loader.reload();
    expect(guarded.loader.state.faults).toEqual([expect.stringContaining("can't be read")]);
    expect(await passes('first')).toBe(false);
  });

  it('leaves alone what it does not change', async () => {
    await guarded.plugins([denying('first')]);
    const [before] = guarded.loader.running;
    await guarded.plugins([denying('first'), { ...denying('second'), name: 'Another' }]);
    expect(guarded.loader.running[0]).toBe(before);
  });

  it('has plugins of other systems only where they are disabled', async () => {
    await guarded.plugins([{ name: 'Alien', kind: 'plugins.altk.Alien', mode: 'disabled', config: { any: 1 } }]);
    expect(guarded.loader.state.entries).toMatchObject([{ name: 'Alien' }]);
  });

  it('stops the start where it has faults or is not there', async () => {
    writeFileSync(guarded.file, 'plugins: 7');
    for (const file of [guarded.file, join(guarded.file, 'none')])
      await expect(RunningGateway.start({ PLUGINS_ENABLED: 'true', PLUGIN_CONFIG_FILE: file })).rejects.toThrow(
        /plugins|can't be read/,
      );
  });

  it('is not looked at while PLUGINS_ENABLED is off', async () => {
    const running = await RunningGateway.start({ PLUGIN_CONFIG_FILE: join(guarded.file, 'none') });
    await running.stop();
  });
});
