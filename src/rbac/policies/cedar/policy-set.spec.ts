import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { Principal } from '#libs/policy';
import { describe, expect, it } from 'vitest';
import { administrator, heldRole, withRoles } from '../../../../test/fixtures/principals.js';
import { compiled, question } from '../../../../test/fixtures/rbac/compiled.js';
import { SeededRandom } from '../../../../test/fixtures/seeded-random.js';
import { type Attributes, cedarAttributes } from './attribute.js';
import { CALL_ATTRIBUTES } from './call-attributes.js';
import { actionEntity, POLICY_SCHEMA } from './policy-schema.js';
import { groupsOf, PRINCIPAL_ATTRIBUTES } from './principal-attributes.js';
import type { Question } from './question.js';
import { readArgument } from './read-argument.js';
import { ROW_TYPES } from './row-attributes.js';

const NAMES = ['a', 'ab', 'abc', 'delete_all', ''];
const TEAMS = ['red', 'blue', 'green'];
const PEOPLE = ['ann@example.com', 'bob@example.com'];
const PATHS = ['path', 'limit', 'files.0'];

/** Terms over everything that can be read; X stands for a name, T for a team, P for a person. */
const TERMS = [
  'principal == User::"P"',
  'principal in Team::"T"',
  'principal in [Team::"T", Team::"blue"]',
  'principal in Role::"developer"',
  'principal.email like "P*"',
  'principal.kind != "session"',
  'principal.admin',
  'principal.narrowed',
  'principal has token',
  'resource.name == "X"',
  'resource.name != "X"',
  'resource.name like "X*"',
  'resource.name like "*X*b*"',
  '["X", "ab"].contains(resource.name)',
  'resource.name == resource.id',
  'resource == Tool::"X"',
  'resource.id == "X"',
  'resource.tags.contains("X")',
  'resource.tags.containsAll(["X", "ab"])',
  'resource.tags.containsAny(["X", "abc"])',
  'resource.tags.contains(resource.name)',
  'resource.tags == ["X"]',
  'resource.tags.isEmpty()',
  '(resource has owner && resource.owner == principal)',
  '(resource has owner && resource.owner == User::"P")',
  '(resource has owner && resource.owner.email like "*P")',
  '(resource has team && principal in resource.team)',
  '(resource has team && principal in [Team::"T", resource.team])',
  '(resource has team && resource.team != Team::"T")',
  'resource has team',
  '(resource has readOnlyHint && resource.readOnlyHint)',
  '(if resource has readOnlyHint then principal.admin else resource.visibility == "team")',
  'context.hour > 12',
  'context.weekday == 2',
  '(context has address && context.address.isInRange(ip("192.0.2.0/24")))',
  '(context has address && context.address == ip("::1"))',
  'context.arguments.hasTag("path")',
  '(context.arguments.hasTag("path") && context.arguments.getTag("path").text like "X*")',
  '(context.arguments.hasTag("limit") && context.arguments.getTag("limit") has number && context.arguments.getTag("limit").number > 5)',
  '(context.arguments.hasTag("limit") && context.arguments.getTag("limit") has number && context.arguments.getTag("limit").number * 4611686018427387904 > 5)',
  '(context.arguments.hasTag("files.0") && context.arguments.getTag("files.0").kind == "record")',
];

function randomPolicy(random: SeededRandom): string {
  const term = (): string => {
    const filled = random
      .pick(TERMS)
      .replaceAll('"X', `"${random.pick(NAMES)}`)
      .replaceAll('T"', `${random.pick(TEAMS)}"`)
      .replaceAll('P"', `${random.pick(PEOPLE)}"`)
      .replaceAll('"P*', `"${random.pick(PEOPLE)}*`);
    return random.below(3) === 0 ? `!(${filled})` : filled;
  };
  const operator = random.pick([' && ', ' || ']);
  const body = Array.from({ length: 1 + random.below(3) }, term).join(operator);
  return `forbid (principal, action in Action::"execute", resource is Tool) ${random.pick(['when', 'unless'])} { ${body} };`;
}

function randomPrincipal(random: SeededRandom): Principal {
  const roles = random.several(2, () => heldRole(random.pick(['developer', 'viewer']), []));
  const somebody = withRoles(
    random.pick(PEOPLE),
    random.several(2, () => random.pick(TEAMS)),
    roles,
  );
  const kind = random.pick(['session', 'api_token', 'proxy'] as const);
  return random.below(5) === 0 ? administrator : { ...somebody, kind, tokenId: random.pick([null, 'jti']) };
}

function randomQuestion(random: SeededRandom, principal: Principal): Question {
  return question({
    principal,
    row: {
      id: random.pick(NAMES),
      name: random.pick(NAMES),
      visibility: random.pick(['public', 'team'] as const),
      ownerEmail: random.pick([null, ...PEOPLE]),
      teamId: random.pick([null, ...TEAMS]),
      tags: random.several(3, () => random.pick(NAMES)),
      annotations: random.pick([null, {}, { readOnlyHint: true }, { readOnlyHint: false }]),
    },
    origin: { clientAddress: random.pick(['192.0.2.1', '::1', 'nowhere']), userAgent: '', correlationId: '' },
    now: Date.UTC(2026, 11, 1 + random.below(7), random.below(24)),
    arguments: random.pick([
      {},
      undefined,
      { path: random.pick(NAMES), limit: random.below(10) },
      { path: [random.pick(NAMES)], limit: random.pick(NAMES), files: [{}] },
    ]),
  });
}

const keysOf = (attributes: object): Map<string, unknown> => new Map(Object.entries(attributes));

/** What Cedar says when it is shown everything and nothing is remembered. @param strictly against the schema, which takes long */
function asked(
  texts: readonly string[],
  about: Question,
  strictly: boolean,
): { forbidding: string[]; failing: string[] } {
  const { principal, action, row } = about;
  const tool: Attributes<NonNullable<Question['row']>> = ROW_TYPES.get('tools')?.attributes ?? {};
  const user = { type: 'User', id: principal.subject };
  const all = PEOPLE.filter((email) => email !== principal.subject);
  const found = PATHS.map((path) => [path, readArgument(about.arguments, path)] as const).filter(([, value]) => value);
  const answer = isAuthorized({
    principal: user,
    action: { type: 'Action', id: action },
    resource: { type: 'Tool', id: row?.id ?? '' },
    context: {
      ...cedarAttributes(CALL_ATTRIBUTES, about, keysOf(CALL_ATTRIBUTES)),
      arguments: { __entity: { type: 'Arguments', id: 'x' } },
    },
    ...(strictly && { schema: POLICY_SCHEMA, validateRequest: true }),
    policies: {
      staticPolicies: {
        ...Object.fromEntries(texts.map((text, index) => [String(index + 1), text])),
        roles: 'permit (principal, action, resource);',
      },
    },
    entities: [
      actionEntity(action),
      {
        uid: user,
        attrs: cedarAttributes(PRINCIPAL_ATTRIBUTES, principal, keysOf(PRINCIPAL_ATTRIBUTES)),
        parents: groupsOf(principal),
      },
      ...all.map((email) => ({
        uid: { type: 'User', id: email },
        attrs: { email, kind: 'session', admin: false, narrowed: false },
        parents: [],
      })),
      {
        uid: { type: 'Tool', id: row?.id ?? '' },
        attrs: row ? cedarAttributes(tool, row, keysOf(tool)) : {},
        parents: [],
      },
      {
        uid: { type: 'Arguments', id: 'x' },
        attrs: {},
        parents: [],
        tags: Object.fromEntries(found.map(([path, value]) => [path, { ...value } as Record<string, string>])),
      },
    ],
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  const { reason, errors } = answer.response.diagnostics;
  return {
    forbidding: reason.filter((id) => id !== 'roles').sort(),
    failing: errors.map(({ policyId }) => policyId).sort(),
  };
}

describe('an answer that is remembered', () => {
  it.each([1, 2, 3, 4, 5, 6])('is what Cedar says about all there is to know (%i)', (seed) => {
    const random = new SeededRandom(seed);
    const texts = Array.from({ length: 4 }, () => randomPolicy(random));
    const policies = compiled(...texts);
    const people = Array.from({ length: 4 }, () => randomPrincipal(random));
    const seen = { forbidding: 0, free: 0 };
    for (let time = 0; time < 120; time += 1) {
      const about = randomQuestion(random, random.pick(people));
      const verdict = policies.ask(about) ?? { forbidding: [], failing: [] };
      const told = { forbidding: [...verdict.forbidding].sort(), failing: [...verdict.failing].sort() };
      expect({ texts, told }).toEqual({ texts, told: asked(texts, about, time % 30 === 0) });
      seen[told.forbidding.length > 0 ? 'forbidding' : 'free'] += 1;
    }
    expect(seen.forbidding).toBeGreaterThan(0);
  });
});
