import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { User } from '../../../src/auth/accounts/user.entity.js';
import { Policy } from '../../../src/rbac/policies/policy.entity.js';
import { RoleAssignment } from '../../../src/rbac/roles/role-assignment.entity.js';
import { Role } from '../../../src/rbac/roles/role.entity.js';
import { TeamInvitation } from '../../../src/teams/team-invitation.entity.js';
import { TeamMember } from '../../../src/teams/team-member.entity.js';
import { Team } from '../../../src/teams/team.entity.js';
import { ApiToken } from '../../../src/tokens/api-token.entity.js';
import { ABOUTS } from './abouts.js';
import { Ground, type Question } from './ground.js';
import { personaOf } from './personas.js';
import { KINDS } from './registry-rows.js';
import { type RouteRow, ROUTES } from './route-table.js';
import { newId } from './world.js';

/** What no body decides, under the names that entities and answers have for it. */
const FIELDS: readonly (readonly [string, unknown])[] = [
  ...[
    'owner_email',
    'ownerEmail',
    'owner',
    'user_email',
    'created_by',
    'createdBy',
    'modified_by',
    'modifiedBy',
    'invited_by',
    'granted_by',
  ].map((name): [string, unknown] => [name, 'bea@example.com']),
  ...[
    'team_id',
    'teamId',
    'user_id',
    'userId',
    'id',
    'personal_of',
    'personalOf',
    'import_batch_id',
    'importBatchId',
    'gateway_id',
    'gatewayId',
  ].map((name): [string, unknown] => [name, 'OTHER']),
  ...[
    'is_admin',
    'isAdmin',
    'is_system_role',
    'isSystemRole',
    'is_personal',
    'isPersonal',
    'email_verified',
    'emailVerified',
    'reachable',
  ].map((name): [string, unknown] => [name, true]),
  ...['enabled', 'is_active', 'isActive'].map((name): [string, unknown] => [name, false]),
  ...['version', 'revision', 'uses', 'member_count', 'position'].map((name): [string, unknown] => [name, 99]),
  ...[
    'tenant',
    'source',
    'grant_source',
    'grantSource',
    'slug',
    'token_hash',
    'tokenHash',
    'jti',
    'password_hash',
    'passwordHash',
    'federation_source',
    'federationSource',
    'created_via',
    'createdVia',
    'created_from_ip',
    'auth_provider',
    'authProvider',
  ].map((name): [string, unknown] => [name, 'forged']),
  ...['role', 'status'].map((name): [string, unknown] => [name, 'owner']),
  ...['roles', 'permissions', 'effective_permissions'].map((name): [string, unknown] => [name, ['*']]),
  ...['kept', 'overrides', 'discovery', 'definition', 'restrictions'].map((name): [string, unknown] => [
    name,
    { isAdmin: true },
  ]),
  ['__proto__', { isAdmin: true, is_admin: true, ownerEmail: 'bea@example.com' }],
  ['constructor', { prototype: { isAdmin: true } }],
  ['prototype', { isAdmin: true }],
];

/** What a body of a route may decide after all. */
const DECIDED: Readonly<Record<string, readonly string[]>> = {
  'POST /servers': ['id'],
  'POST /teams': ['slug'],
  'POST /teams/:teamId/members': ['role'],
  'PUT /teams/:teamId/members/:email': ['role'],
  'POST /teams/:teamId/invitations': ['role'],
  'POST /tokens': ['is_active'],
  'PUT /tokens/:id': ['is_active'],
  'POST /tokens/teams/:teamId': ['is_active'],
  'PUT /policies/:id': ['revision'],
  'PUT /rbac/roles/:id': ['permissions', 'is_active'],
  'POST /auth/email/admin/users': ['is_admin', 'is_active'],
  'PUT /auth/email/admin/users/:email': ['is_admin', 'is_active', 'email_verified'],
  'PATCH /auth/email/admin/users/:email': ['is_admin', 'is_active', 'email_verified'],
};

const ENTITIES = [
  ...Object.values(KINDS).map(({ entity }) => entity),
  Team,
  TeamMember,
  TeamInvitation,
  ApiToken,
  Role,
  RoleAssignment,
  Policy,
  User,
];
/** Unlike in any two rows that were made alike. */
const OWN = new Set([
  'id',
  'name',
  'slug',
  'email',
  'upstreamName',
  'upstreamKey',
  'definition',
  'jti',
  'tokenHash',
  'passwordHash',
]);

/** What is sent there is a question, of which nothing stays. */
const ASKS = /\/(explain|check|simulate)$/;

/** What is kept there is not a row of its own: the answer shows it whole. */
const NO_ROW = /passthrough-headers|plugin_bindings|scim/;

/** Those who may, least first. */
const WRITERS = ['outsider', 'owner', 'team admin', 'platform admin'].map(personaOf);

const IDS = /[0-9a-f]{32}/g;
const ADDRESS = /[\w.]+@[\w.]+/;
/** Told by their addresses. */
const ACCOUNTS = /^\/auth\/email\/admin\/users/;

const REFUSED = new Set([400, 403, 422]);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** With a member more, `__proto__` as well; within the wrapper where that is asked for. */
function withField(body: unknown, name: string, value: unknown, inWrapper: boolean): unknown {
  const extra = JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(value)}}`) as object;
  if (!isObject(body)) return extra;
  const [wrapper, wrapped] = Object.entries(body).find(([, member]) => isObject(member)) ?? [];
  return inWrapper && wrapper !== undefined
    ? { ...body, [wrapper]: { ...(wrapped as object), ...extra } }
    : { ...body, ...extra };
}

interface Written {
  readonly status: number;
  readonly row: string;
}

const keyOf = ({ method, path }: RouteRow): string => `${method} ${path}`;

describe('what no body decides', () => {
  let ground: Ground;

  beforeAll(async () => void (ground = await Ground.open()));
  afterEach(() => ground.sweep());
  afterAll(() => ground.close());

  /** Somebody who may, asking about something of their own. */
  async function question(route: RouteRow): Promise<Question> {
    for (const persona of WRITERS) {
      const asked = (await ABOUTS[route.about]?.(ground, route, [persona])) ?? [];
      const open = asked.find(({ expected }) => expected === route.ok);
      if (open) return open;
    }
    throw new Error(`nobody may ${keyOf(route)}`);
  }

  /** Ids that a question names itself, with that of the account in its path. */
  async function spokenIn(question: Question): Promise<ReadonlySet<string>> {
    const text = decodeURIComponent(`${question.request.path} ${JSON.stringify(question.request.body)}`);
    const [email = ''] = ADDRESS.exec(text) ?? [];
    const user = await ground.world.database.manager.findOneBy(User, { email });
    return new Set([...(text.match(IDS) ?? []), user?.id ?? email].filter((id) => id !== ground.world.team));
  }

  /** The row behind an answer, but for what is its own; what the question names is the same in all of them. */
  async function stored(text: string, question: Question): Promise<string> {
    const path = decodeURIComponent(question.request.path);
    const ids = ACCOUNTS.test(path) ? (`${text} ${path}`.match(ADDRESS) ?? []) : (`${text} ${path}`.match(IDS) ?? []);
    const spoken = await spokenIn(question);
    for (const id of ids) {
      for (const entity of ENTITIES) {
        const where = entity === User ? { email: id } : { id };
        const row = await ground.world.database.manager.findOne(entity, { where });
        if (!row) continue;
        const members = Object.entries(row).filter(([name, value]) => !OWN.has(name) && !(value instanceof Date));
        return JSON.stringify(members.map(([name, value]) => [name, spoken.has(String(value)) ? '{named}' : value]));
      }
    }
    return text;
  }

  async function write(question: Question, body: unknown): Promise<Written> {
    const { persona, request, token } = question;
    const { status, text } = await ground.world.told(persona, { ...request, body }, token);
    return { status, row: status < 300 ? await stored(text, question) : '' };
  }

  const writes = ROUTES.filter(({ ok, body, path }) => body !== '' && ok.startsWith('2') && !ASKS.test(path));

  it.each(writes.map((route) => [keyOf(route), route] as const))('%s', async (key, route) => {
    const first = await question(route);
    const control = await write(first, first.request.body);
    expect([control.status, control.row.startsWith('[') || NO_ROW.test(key)]).toEqual([Number(route.ok), true]);
    const wrapped = Object.values(JSON.parse(route.body) as object).some(isObject);
    const wrong: string[] = [];
    let next = await question(route);
    for (const [name, value] of FIELDS) {
      if (DECIDED[key]?.includes(name) || route.body.includes(`"${name}"`)) continue;
      const other = name.toLowerCase().includes('team') ? ground.world.otherTeam : newId();
      for (const inside of wrapped ? [false, true] : [false]) {
        const body = withField(next.request.body, name, value === 'OTHER' ? other : value, inside);
        const { status, row } = await write(next, body);
        if (REFUSED.has(status)) continue;
        if (status !== control.status || row !== control.row)
          wrong.push(`${name}: ${status} ${row}, not ${control.row}`);
        next = await question(route);
      }
    }
    expect(wrong).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
  });
});
