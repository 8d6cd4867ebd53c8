import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../test/fixtures/seeded-random.js';
import { readClaims } from './token-claims.js';

const SUB = 'ann@example.com';
const claims = (more: object): ReturnType<typeof readClaims> => readClaims({ sub: SUB, ...more });
const scopes = (value: unknown): ReturnType<typeof readClaims> => claims({ scopes: value });
const unrestricted = { serverId: null, permissions: [], ipRestrictions: [], timeRules: [] };

describe(readClaims.name, () => {
  it('reads what the contract names, and nothing else', () => {
    const known = { jti: 'j-1', iat: 1, exp: 2, env: 'production', teams: ['red', { id: 'blue', name: 'Blue' }] };
    const { iss, user, namespaces } = { iss: 'x', user: { is_admin: true }, namespaces: ['public'] };
    expect(claims({ ...known, token_use: 'api', iss, user, namespaces, is_admin: true, nbf: 0 })).toEqual({
      sub: SUB,
      ...known,
      tokenUse: 'api',
      teams: ['red', 'blue'],
    });
  });

  it.each<[string, ...object[]]>([
    ['sub must be a user', { sub: undefined }, { sub: null }, { sub: '' }, { sub: 7 }, { sub: ['ann@example.com'] }],
    ['sub must be a user', { sub: 'x'.repeat(192) }, { sub: 'ann\n@example.com' }, { sub: 'ann\u0000' }, { sub: {} }],
    ['jti must be text', { jti: null }, { jti: '' }, { jti: 7 }, { jti: 'x'.repeat(65) }, { jti: 'a b' }, { jti: 'é' }],
    ['exp must be whole seconds', { exp: '9999999999' }, { exp: 1e308 }, { exp: 1.5 }, { exp: -1 }, { exp: null }],
    ['nbf must be whole seconds', { nbf: -1 }, { nbf: 'now' }, { nbf: null }, { nbf: 2 ** 53 }],
    ['iat must be whole seconds', { iat: '0' }, { iat: -5 }, { iat: Number.NaN }, { iat: [] }],
    ['env must be text', { env: null }, { env: 1 }, { env: ['production'] }],
    ['token_use must be session or api', { token_use: 'refresh' }, { token_use: 'id' }, { token_use: 'Session' }],
    ['token_use must be session or api', { token_use: '' }, { token_use: null }, { token_use: ['session'] }],
  ])('says that %s', (fault, ...wrong) => {
    for (const more of wrong) expect(claims(more), JSON.stringify(more)).toBe(fault);
  });

  describe('teams', () => {
    it.each([[undefined], [null], [[]], [['red']]])('%j stay what they are', (teams) => {
      expect(claims({ teams })).toEqual({ sub: SUB, teams });
    });

    it.each([
      ['red'],
      [{}],
      [{ id: 'red' }],
      [true],
      [0],
      [['']],
      [[' red']],
      [['red ']],
      [['red', null]],
      [[7]],
      [[['red']]],
      [[{ name: 'red' }]],
      [[{ id: 7 }]],
      [Array.from({ length: 201 }, (_, index) => `team-${index}`)],
    ])('%j are malformed', (teams) => {
      expect(claims({ teams })).toBe('malformed teams field');
    });
  });

  describe('scopes', () => {
    it.each([[undefined], [null]])('%j restrict nothing', (value) => {
      expect(scopes(value)).toEqual({ sub: SUB, teams: undefined });
    });

    it.each([
      [{}, {}],
      [{ server_id: null, permissions: ['*'], ip_restrictions: [], time_restrictions: {} }, { permissions: ['*'] }],
      [{ server_id: 'abc' }, { serverId: 'abc' }],
      [{ ip_restrictions: ['10.0.0.0/8'] }, { ipRestrictions: ['10.0.0.0/8'] }],
      [{ time_restrictions: null, usage_limits: null }, {}],
      [{ usage_limits: {} }, {}],
      [{ time_restrictions: { weekdays_only: true } }, { timeRules: ['weekdays_only'] }],
      [{ time_restrictions: { weekdays_only: false } }, {}],
      // Whoever wrote these meant to restrict: the resolver refuses the rules it does not know.
      [{ time_restrictions: { weekdays_only: 'false' } }, { timeRules: ['weekdays_only'] }],
      [{ time_restrictions: { weekdays_only: null, never: 1 } }, { timeRules: ['weekdays_only', 'never'] }],
    ])('%j', (value, read) => {
      expect(scopes(value)).toEqual({ sub: SUB, teams: undefined, scopes: { ...unrestricted, ...read } });
    });

    it.each([
      ['*'],
      [[]],
      [true],
      [{ server: 'abc' }],
      [{ Permissions: ['tools.read'] }],
      [{ max_uses: 1 }],
      [{ server_id: '' }],
      [{ server_id: 7 }],
      [{ server_id: ['abc'] }],
      [{ permissions: null }],
      [{ permissions: 'tools.read' }],
      [{ permissions: { 0: 'tools.read' } }],
      [{ permissions: [1] }],
      [{ permissions: Array.from({ length: 201 }, () => 'tools.read') }],
      [{ ip_restrictions: null }],
      [{ ip_restrictions: '10.0.0.0/8' }],
      [{ ip_restrictions: [null] }],
      [{ time_restrictions: [] }],
      [{ time_restrictions: ['weekdays_only'] }],
      [{ time_restrictions: 'weekdays_only' }],
      [{ usage_limits: { requests_per_hour: 1 } }],
      [{ usage_limits: 1 }],
      [{ usage_limits: ['requests_per_hour'] }],
      [{ usage_limits: 'none' }],
    ])('%j are malformed', (value) => {
      expect(scopes(value)).toBe('malformed scopes field');
    });
  });

  it('gives claims of the promised types or a text, whatever was signed', () => {
    for (let round = 0; round < 5000; round += 1) {
      const read = readClaims(randomPayload());
      if (typeof read === 'string') continue;
      expect(typeof read.sub).toBe('string');
      expect([undefined, 'session', 'api']).toContain(read.tokenUse);
      for (const instant of [read.iat, read.exp]) {
        expect(instant === undefined || Number.isSafeInteger(instant)).toBe(true);
      }
      expect(read.teams === undefined || read.teams === null || read.teams.every(isText)).toBe(true);
      const { permissions, ipRestrictions, timeRules } = read.scopes ?? unrestricted;
      expect([...permissions, ...ipRestrictions, ...timeRules].every(isText)).toBe(true);
    }
  });
});

const isText = (value: unknown): boolean => typeof value === 'string';
const NAMES = ['sub', 'jti', 'iat', 'nbf', 'exp', 'env', 'token_use', 'aud', 'teams', 'scopes', 'id', 'permissions'];
const OTHERS = ['server_id', 'ip_restrictions', 'time_restrictions', 'usage_limits', 'constructor', 'length'];
const SCALARS = [null, true, false, 0, 1, -1, 1.5, 1e308, '', 'session', 'api', 'red', SUB, '*', '10.0.0.0/8'];

const random = new SeededRandom(20_260_728);

function randomPayload(): Record<string, unknown> {
  return { sub: SUB, ...randomObject(3) };
}

function randomObject(depth: number): Record<string, unknown> {
  const members = random.several(5, () => [random.pick([...NAMES, ...OTHERS]), randomValue(depth - 1)]);
  return Object.fromEntries(members) as Record<string, unknown>;
}

function randomValue(depth: number): unknown {
  if (depth === 0 || random.below(3) === 0) return random.pick(SCALARS);
  return random.below(2) === 0 ? randomObject(depth) : random.several(3, () => randomValue(depth - 1));
}
