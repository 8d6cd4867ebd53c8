import type { Permission, Principal } from '#libs/policy';
import { describe, expect, it } from 'vitest';
import { administrator, heldRole, narrowedTo, somebody, withRoles } from '../../../../test/fixtures/principals.js';
import { compiled, question } from '../../../../test/fixtures/rbac/compiled.js';
import type { Question } from './question.js';
import { LONGEST_ARGUMENT } from './read-argument.js';

type More = Partial<Question>;
const ANN = 'ann@example.com';
const ROW = { visibility: 'public', teamId: null, ownerEmail: 'bob@example.com' } as const;
const row = (more: Partial<NonNullable<Question['row']>>): More => ({
  row: { id: 't1', name: 'echo', ...ROW, ...more },
});
const by = (principal: Principal): More => ({ principal });
const at = (time: string): More => ({ now: Date.parse(time) });
const from = (clientAddress: string): More => ({
  origin: { clientAddress, userAgent: '', correlationId: '', serverId: 's1' },
});
const given = (args: unknown): More => ({ arguments: args });
const on = (rule: string): string => `forbid (principal, action == Action::"tools.execute", resource is Tool) ${rule};`;

/** A policy, questions that it forbids, and questions that it leaves alone. */
const CASES: readonly (readonly [string, readonly More[], readonly More[]])[] = [
  [on(''), [{}], [{ action: 'tools.read' }, { row: undefined }, { action: 'servers.use' }]],
  ['forbid (principal, action in Action::"tools", resource);', [{}, { action: 'tools.read' }, { row: undefined }], []],
  [
    'forbid (principal, action, resource) when { action in Action::"execute" || action == Action::"tools.read" };',
    [{}, { action: 'tools.read' }],
    [{ action: 'prompts.read' }, { action: 'tools.update' }],
  ],
  [
    'forbid (principal == User::"ann@example.com", action, resource);',
    [{}, { action: 'servers.use' }],
    [by(somebody('bob@example.com', narrowedTo('red')))],
  ],
  [
    'forbid (principal in Team::"red", action, resource) unless { principal in Role::"developer" };',
    [by(withRoles(ANN, ['red', 'blue'], []))],
    [by(withRoles(ANN, ['blue'], [])), by(withRoles(ANN, ['red'], [heldRole('developer', [], 'red')]))],
  ],
  [
    on('when { resource has team && !(principal in resource.team) }'),
    [{ ...row({ teamId: 'blue' }), ...by(withRoles(ANN, ['red'], [])) }],
    [{ ...row({ teamId: 'red' }), ...by(withRoles(ANN, ['red'], [])) }, row({ teamId: null })],
  ],
  [
    on('unless { resource has owner && resource.owner == principal && principal.kind == "session" }'),
    [
      {},
      row({ ownerEmail: null }),
      { ...row({ ownerEmail: ANN }), ...by(somebody(ANN, narrowedTo(), { kind: 'proxy' })) },
    ],
    [row({ ownerEmail: ANN })],
  ],
  [
    on('when { resource has owner && resource.owner.email like "*@example.com" }'),
    [{}, row({ ownerEmail: ANN })],
    [row({ ownerEmail: 'eve@example.org' }), row({ ownerEmail: null })],
  ],
  [
    on('when { principal.narrowed || principal.admin || principal has token }'),
    [by(administrator), by(somebody(ANN, narrowedTo('red'))), by(somebody(ANN, narrowedTo('red'), { tokenId: 'j' }))],
    [{}],
  ],
  [
    on('when { resource.name == "echo" || resource.id == "t9" }'),
    [{}, row({ id: 't9', name: 'x' })],
    [row({ name: 'x' })],
  ],
  [
    on('when { resource.name like "dele*_file" }'),
    [row({ name: 'delete_a_file' })],
    [row({ name: 'delete_a_fil' }), {}],
  ],
  [on('when { ["a", "b"].contains(resource.name) }'), [row({ name: 'a' })], [row({ name: 'c' })]],
  [
    on('when { resource.name == "up" }'),
    [row({ upstreamName: 'up', name: 'gw-up' })],
    [row({ name: 'up', upstreamName: 'x' })],
  ],
  ['forbid (principal, action, resource == Tool::"t1");', [{}], [row({ id: 't2' }), { row: undefined }]],
  [
    on('when { resource.tags.containsAny(["red", "blue"]) && !resource.tags.contains("ok") }'),
    [row({ tags: ['blue'] }), row({ tags: ['x', 'red'] })],
    [row({ tags: [] }), {}, row({ tags: ['x'] }), row({ tags: ['red', 'ok'] })],
  ],
  [on('when { resource.tags.isEmpty() }'), [{}], [row({ tags: ['a'] })]],
  [on('when { resource.visibility != "public" }'), [row({ visibility: 'team' })], [{}]],
  [
    on('when { resource has gateway && resource.gateway == "g" }'),
    [row({ gatewayId: 'g' }), row({ gateway: { id: 'g' } })],
    [{}],
  ],
  [
    on('unless { resource has readOnlyHint && resource.readOnlyHint }'),
    [
      {},
      row({ annotations: { readOnlyHint: false } }),
      row({ annotations: { readOnlyHint: 'true' } }),
      row({ definition: '{}' }),
    ],
    [
      row({ annotations: { readOnlyHint: true } }),
      row({ definition: '{"annotations":{"readOnlyHint":true}}' }),
      row({ definition: { annotations: { readOnlyHint: true } }, annotations: null }),
    ],
  ],
  [
    on('when { resource has destructiveHint }'),
    [row({ annotations: { destructiveHint: false } })],
    [{}, row({ annotations: {} })],
  ],
  [
    on('when { context.hour < 8 || context.hour >= 18 || context.weekday > 5 }'),
    [at('2026-12-01T07:59:59Z'), at('2026-12-01T18:00:00Z'), at('2026-12-05T12:00:00Z'), at('2026-12-06T12:00:00Z')],
    [at('2026-12-01T08:00:00Z'), at('2026-12-07T12:00:00Z')],
  ],
  [on('when { context.now > datetime("2026-12-01T12:31:00Z") }'), [at('2026-12-01T12:31:00.001Z')], [{}]],
  [
    on('unless { context has address && context.address.isInRange(ip("192.0.2.0/24")) }'),
    [from('198.51.100.7'), from('::1'), from(''), { origin: undefined }],
    [{}, from('::ffff:192.0.2.9')],
  ],
  [on('when { context has server && context.server == "s1" }'), [from('192.0.2.1')], [{}]],
  [
    on('when { context.arguments.hasTag("path") && !(context.arguments.getTag("path").text like "/srv/*") }'),
    [given({ path: '/etc/x' }), given({ path: ['/srv/a', '/etc/x'] }), given({ path: 5 })],
    [given({ path: '/srv/x' }), given({}), given(undefined), given('text')],
  ],
  [
    on(
      'unless { context.arguments.hasTag("n") && context.arguments.getTag("n") has number && context.arguments.getTag("n").number <= 100 }',
    ),
    [given({ n: 101 }), given({ n: '5' }), given({ n: 0.5 }), given({})],
    [given({ n: 100 })],
  ],
  [
    on(
      'when { context.arguments.hasTag("force") && context.arguments.getTag("force") has flag && context.arguments.getTag("force").flag }',
    ),
    [given({ force: true })],
    [given({ force: false }), given({ force: 'true' })],
  ],
];

describe('compiled policies', () => {
  describe.each(CASES)('%s', (text, forbidden, free) => {
    it('forbids what it says and nothing else, asked once or again', () => {
      const policies = compiled(text);
      for (let time = 0; time < 2; time += 1) {
        for (const more of forbidden) expect(policies.ask(question(more))).toEqual({ forbidding: ['1'], failing: [] });
        for (const more of free)
          expect(policies.ask(question(more)) ?? { forbidding: [], failing: [] }).toEqual({
            forbidding: [],
            failing: [],
          });
      }
    });
  });

  it('name all that forbid', () => {
    const policies = compiled(on(''), on('when { resource.name == "x" }'), on('unless { principal.admin }'));
    expect(policies.ask(question())?.forbidding.toSorted()).toEqual(['1', '3']);
  });

  it('fail where one can’t be asked, whatever the others say', () => {
    const overflow = on(
      'when { context.arguments.hasTag("n") && context.arguments.getTag("n") has number && context.arguments.getTag("n").number * 9223372036854775807 > 1 }',
    );
    const policies = compiled(overflow, on('when { resource.name == "x" }'));
    expect(policies.ask(question(given({ n: 2 })))).toEqual({ forbidding: [], failing: ['1'] });
    expect(policies.ask(question(given({ n: 1 })))).toEqual({ forbidding: ['1'], failing: [] });
    expect(policies.ask(question(given({})))).toEqual({ forbidding: [], failing: [] });
  });

  it('fail about an argument that is too long, if they read it', () => {
    const long = 'x'.repeat(LONGEST_ARGUMENT + 1);
    const policies = compiled(
      on('when { context.arguments.hasTag("a") && context.arguments.getTag("a").text == "x" }'),
      on('when { resource.name == "x" }'),
    );
    expect(policies.ask(question(given({ a: long })))).toEqual({ forbidding: [], failing: ['1'] });
    expect(policies.ask(question(given({ b: long })))).toEqual({ forbidding: [], failing: [] });
  });

  it('are asked about nothing where there are none', () => {
    const policies = compiled(on(''));
    expect(policies.ask(question({ action: 'tools.read' }))).toBeUndefined();
    expect(policies.ask(question({ action: 'policies.delete' as Permission, row: undefined }))).toBeUndefined();
  });

  it('say whether their answers last', () => {
    const policies = compiled(
      on('when { context.hour > 3 }'),
      'forbid (principal, action == Action::"tools.read", resource is Tool) when { resource.name == "x" };',
    );
    expect(policies.readsCall('tools.execute')).toBe(true);
    expect(policies.readsCall('tools.read')).toBe(false);
    expect(policies.readsCall('servers.use')).toBe(false);
  });
});
