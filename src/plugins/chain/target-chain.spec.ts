import { describe, expect, it } from 'vitest';
import { pluginOf } from '../../../test/fixtures/plugins/plugin-of.js';
import { FACTS } from '../../../test/fixtures/plugins/run-case.js';
import type { ConditionsDto } from '../config/plugin-file.dto.js';
import type { Hook, HookPayloads } from '../hooks.js';
import { fitsPattern } from './conditions.js';
import { TargetChain } from './target-chain.js';

const PLACE = { serverId: 'server-1', tenantIds: ['team-1'], names: ['git-push', 'push', 'tool-1'] };
const ALL = { tool_pre_invoke: () => undefined, prompt_pre_fetch: () => undefined, tool_post_invoke: () => undefined };

function runs(
  conditions: ConditionsDto[],
  { hook = 'tool_pre_invoke', place = PLACE, user = FACTS.user, payload = {} }: Partial<Asked> = {},
): boolean {
  const chain = new TargetChain([pluginOf('a', ALL, { conditions })], place);
  return chain.steps(hook).some(({ when }) => when?.(payload as HookPayloads[Hook], { ...FACTS, user }) ?? true);
}
interface Asked {
  hook: Hook;
  place: { serverId: string | undefined; tenantIds: string[]; names: string[] };
  user: string;
  payload: object;
}

describe('the conditions of a plugin', () => {
  it.each<[string, ConditionsDto[], boolean]>([
    ['none', [], true],
    ['an empty one', [{}], true],
    ['the server', [{ server_ids: ['server-1'] }], true],
    ['another server', [{ server_ids: ['server-2'] }], false],
    ['the tenant', [{ tenant_ids: ['team-2', 'team-1'] }], true],
    ['another tenant', [{ tenant_ids: ['team-2'] }], false],
    ['the name of callers', [{ tools: ['git-push'] }], true],
    ['the name of the upstream', [{ tools: ['push'] }], true],
    ['the id', [{ tools: ['tool-1'] }], true],
    ['a pattern', [{ tools: ['git-*'] }], true],
    ['a part of the name', [{ tools: ['git'] }], false],
    ['all of one object', [{ tools: ['push'], server_ids: ['server-2'] }], false],
    ['one of several objects', [{ tools: ['pull'] }, { server_ids: ['server-1'] }], true],
    ['lists about other things', [{ prompts: ['x'], resources: ['y'], agents: ['z'] }], true],
    ['lists with nothing in them', [{ tools: null, server_ids: null, user_patterns: null } as never], true],
    ['a part of the user', [{ user_patterns: ['alice'] }], true],
    ['a pattern of the user', [{ user_patterns: ['*@EXAMPLE.com'] }], true],
    ['another user', [{ user_patterns: ['bob', '*@other.org'] }], false],
    ['the user at another server', [{ user_patterns: ['alice'], server_ids: ['server-2'] }], false],
  ])('fit or not: %s', (_, conditions, expected) => {
    expect(runs(conditions)).toBe(expected);
  });

  it('about users fit nobody who is not known', () => {
    expect(runs([{ user_patterns: ['*', 'anonymous'] }], { user: 'anonymous' })).toBe(false);
  });

  it('about servers and tenants fit no call without', () => {
    const place = { ...PLACE, serverId: undefined, tenantIds: [] };
    expect(runs([{ server_ids: ['*'] }], { place })).toBe(false);
    expect(runs([{ tenant_ids: ['*'] }], { place })).toBe(false);
  });

  it('about types look at the contents, and fit what says nothing of its type', () => {
    const conditions = [{ content_types: ['text/*'] }];
    const payload = (...content: readonly object[]) =>
      ({ hook: 'tool_post_invoke', payload: { name: 'x', result: { content } } }) as const;
    const image = { type: 'image', mimeType: 'image/png' };
    expect(runs(conditions, payload(image))).toBe(false);
    expect(runs(conditions, payload({ type: 'resource', resource: { mimeType: 'text/html; charset=utf-8' } }))).toBe(
      true,
    );
    expect(runs(conditions, payload({ type: 'text', text: 'x' }))).toBe(true);
    expect(runs(conditions, payload(image, { type: 'text', text: 'x' }))).toBe(true);
    expect(runs(conditions, payload(image, { type: 'resource', mimeType: 'a/b', resource: { text: 'x' } }))).toBe(true);
    const result = { content: [image], structuredContent: { a: 1 } };
    expect(runs(conditions, { hook: 'tool_post_invoke', payload: { name: 'x', result } })).toBe(true);
  });
});

describe(TargetChain.name, () => {
  it('takes the later of two bindings of one name, beside what the file has for everybody', () => {
    const plugins = [pluginOf('a', ALL), ...['x', 'y'].map(() => pluginOf('a', ALL, { bound: true }))];
    const steps = new TargetChain(plugins, PLACE).steps('tool_pre_invoke');
    expect(steps.map(({ plugin }) => plugin)).toEqual([plugins[2], plugins[0]]);
  });

  it('gives the file the last word on what bindings make of a call', () => {
    const plugins = [pluginOf('a', ALL, { priority: 5 }), pluginOf('b', ALL, { bound: true, priority: 1000 })];
    const steps = new TargetChain(plugins, PLACE).steps('tool_pre_invoke');
    expect(steps.map(({ plugin }) => plugin)).toEqual([plugins[1], plugins[0]]);
  });

  it('lets a binding switch nothing off but another binding', () => {
    const plugins = [
      pluginOf('a', ALL),
      pluginOf('a', ALL, { bound: true }),
      pluginOf('a', ALL, { bound: true, mode: 'disabled' }),
    ];
    const steps = new TargetChain(plugins, PLACE).steps('tool_pre_invoke');
    expect(steps.map(({ plugin }) => plugin)).toEqual([plugins[0]]);
  });

  it('lets no team switch off what another one has bound', () => {
    const place = { ...PLACE, tenantIds: ['team-1', 'team-2'] };
    const bound = (team: string, run = {}) =>
      pluginOf('a', ALL, { bound: true, conditions: [{ tenant_ids: [team], tools: ['*'] }], ...run });
    const plugins = [bound('team-1'), bound('team-2', { mode: 'disabled' })];
    const steps = new TargetChain(plugins, place).steps('tool_pre_invoke');
    expect(steps.map(({ plugin }) => plugin)).toEqual([plugins[0]]);
  });

  it('has no steps where no plugin serves the hook', () => {
    const chain = new TargetChain([pluginOf('a', ALL, { hooks: new Set(['tool_pre_invoke']) })], PLACE);
    expect([chain.has('tool_pre_invoke'), chain.has('tool_post_invoke')]).toEqual([true, false]);
  });
});

describe(fitsPattern, () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['*', '', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'ac', true],
    ['a*bc', 'abc', true],
    ['ab*ba', 'aba', false],
    ['*b*d*', 'abcde', true],
    ['*d*b*', 'abcde', false],
    ['a**c', 'abc', true],
    ['a.c', 'abc', false],
  ])('%s and %s', (pattern, text, expected) => {
    expect(fitsPattern(pattern, text)).toBe(expected);
  });
});
