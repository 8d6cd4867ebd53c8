import { createRemoteJWKSet, jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyFiles, pairFor } from '../../fixtures/key-files.js';
import { DataSource } from 'typeorm';
import { joinTeam } from '../../fixtures/join-team.js';
import { addUser } from '../../fixtures/people.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { seconds } from '../../fixtures/signed-token.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { jsonOf, RawCaller } from './raw-caller.js';
import { ERAS, type Era, PAIRS } from './raw-gate.js';

const TEAM = 'a'.repeat(32);
const FORGED = { 'x-forwarded-user-id': 'canary', 'x-forwarded-user': 'canary', 'x-forwarded-user-token': 'canary' };

/** A gateway that signs with a key of its own, and upstreams that say what they were told. */
class House {
  readonly #callers: RawCaller[] = [];

  private constructor(
    readonly running: RunningGateway,
    readonly files: KeyFiles,
    readonly upstreams: Record<Era, TestUpstream>,
    readonly ids: Record<Era, string>,
    readonly paths: Record<Era, string>,
  ) {}

  static async open(settings: Readonly<Record<string, string>>, wish: object = { propagate_identity: true }) {
    const files = new KeyFiles();
    const signing = files.variables('ES256', pairFor('ES256'));
    const running = await RunningGateway.start({ ...signing, ENABLE_HEADER_PASSTHROUGH: 'true', ...settings });
    const upstreams = { modern: await startDualEraUpstream(), legacy: await startLegacyUpstream({ sessions: true }) };
    const serve = async (era: Era) => {
      const { id } = await running.register(`told ${era}`, upstreams[era].url, wish);
      const server = await running.serve(id, { tool_naming: 'original' });
      return [id, `/servers/${server.id}/mcp`] as const;
    };
    const [modern, legacy] = [await serve('modern'), await serve('legacy')];
    const ids = { modern: modern[0], legacy: legacy[0] };
    return new House(running, files, upstreams, ids, { modern: modern[1], legacy: legacy[1] });
  }

  async person(email: string): Promise<{ readonly id: string; readonly email: string }> {
    const user = await addUser(this.running, email, true);
    await joinTeam(this.running.gateway.app.get(DataSource), TEAM, [user]);
    return user;
  }

  /** A token minted elsewhere with the key of the gateway. */
  async token(sub: string, teams: readonly string[] | null = [TEAM], more: object = {}): Promise<string> {
    return new SignJWT({ teams, ...more })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setSubject(sub)
      .setJti(`${sub}-${this.#callers.length}`)
      .setIssuer('mcpgateway')
      .setAudience('mcpgateway-api')
      .setIssuedAt()
      .setExpirationTime(seconds(3600))
      .sign(pairFor('ES256').privateKey);
  }

  async whoami(down: Era, up: Era, token: string, headers = {}): Promise<Record<string, string>> {
    const caller = new RawCaller(this.running.url + this.paths[up], token);
    this.#callers.push(caller);
    const answer = await caller[down]('tools/call', { name: 'whoami', arguments: {} }, { headers });
    return JSON.parse(jsonOf(answer).result.content[0].text);
  }

  verified(token: string | undefined, up: Era) {
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', this.running.url));
    const audience = new URL(this.upstreams[up].url).origin;
    return jwtVerify(token ?? '', keys, { issuer: 'mcpgateway', audience, maxTokenAge: 60 });
  }

  async close(): Promise<void> {
    for (const caller of this.#callers) caller.close();
    await this.running.stop();
    for (const era of ERAS) await this.upstreams[era].close();
    this.files.remove();
  }
}

const told = (seen: Record<string, string>): string[] => Object.keys(seen).filter((name) => name.startsWith('x-'));

describe('who calls, where upstreams are told', () => {
  let house: House;
  let ann: { readonly id: string; readonly email: string };
  beforeAll(async () => {
    house = await House.open({ IDENTITY_PROPAGATION_ENABLED: 'true' });
    ann = await house.person('ann@example.com');
  });
  afterAll(() => house.close());

  it.each(PAIRS)('is said by headers and by a token that they verify: a %s client, a %s upstream', async (down, up) => {
    const token = await house.token(ann.email);
    const seen = await house.whoami(down, up, token, FORGED);
    expect(seen).toMatchObject({ 'x-forwarded-user-id': ann.id, 'x-forwarded-user-teams': TEAM });
    const { payload, protectedHeader } = await house.verified(seen['x-forwarded-user-token'], up);
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: expect.any(String) });
    expect(payload).toMatchObject({ sub: ann.id, teams: [TEAM], token_use: 'identity', jti: expect.any(String) });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(60);
    // What was not allowed is not said, and what callers say of themselves counts for nothing.
    expect(JSON.stringify([seen, payload])).not.toMatch(/ann@|canary/);
    await expect(house.verified(seen['x-forwarded-user-token'], up === 'modern' ? 'legacy' : 'modern')).rejects.toThrow(
      'aud',
    );
  });

  it('opens nothing here', async () => {
    const seen = await house.whoami('modern', 'modern', await house.token(ann.email));
    const stolen = seen['x-forwarded-user-token'] ?? '';
    expect((await house.running.rest('GET', '/tools', undefined, stolen)).status).toBe(401);
  });

  it('is signed once for a while, for each caller and each gateway', async () => {
    const bob = await house.person('bob@example.com');
    const tokenOf = async (up: Era, sub: string) =>
      (await house.whoami('modern', up, await house.token(sub)))['x-forwarded-user-token'];
    const mine = await tokenOf('modern', ann.email);
    const theirs = await tokenOf('modern', bob.email);
    expect(new Set([mine, theirs, await tokenOf('legacy', ann.email)]).size).toBe(3);
  });

  it('shares no upstream session with another caller', async () => {
    const sessions = await Promise.all(
      ['ann@example.com', 'bob@example.com', 'ann@example.com'].map(async (sub) => house.token(sub)),
    );
    const ids: (string | undefined)[] = [];
    for (const token of sessions) ids.push((await house.whoami('legacy', 'legacy', token))['mcp-session-id']);
    expect(ids[0]).toBe(ids[2]);
    expect(ids[1]).not.toBe(ids[0]);
  });

  it('can’t be passed on from what callers send, whoever lists it', async () => {
    const path = `/gateways/${house.ids.modern}`;
    expect((await house.running.rest('PUT', path, { passthrough_headers: ['X-Forwarded-User-Id'] })).status).toBe(422);
  });

  it('is not told at another origin without being asked for again, nor where it is taken back', async () => {
    const path = `/gateways/${house.ids.modern}`;
    const before = house.upstreams.modern.url;
    const moved = await house.running.rest('PUT', path, { url: before.replace('127.0.0.1', 'localhost') });
    expect([moved.status, moved.body.propagateIdentity]).toEqual([200, false]);
    expect(told(await house.whoami('modern', 'modern', await house.token(ann.email), FORGED))).toEqual([]);
    const back = await house.running.rest('PUT', path, { url: before, propagate_identity: true });
    expect(back.body.propagateIdentity).toBe(true);
    expect(told(await house.whoami('modern', 'modern', await house.token(ann.email)))).toHaveLength(3);
  });
});

describe.each<[string, Record<string, string>, object, string[]]>([
  ['the feature is off', {}, { propagate_identity: true }, []],
  ['the gateway does not ask for it', { IDENTITY_PROPAGATION_ENABLED: 'true' }, {}, []],
  [
    'headers alone are said, under a prefix of their own',
    {
      IDENTITY_PROPAGATION_ENABLED: 'true',
      IDENTITY_PROPAGATION_MODE: 'headers',
      IDENTITY_PROPAGATION_HEADER_PREFIX: 'X-Caller',
      IDENTITY_PROPAGATION_ATTRIBUTES: 'email',
      DEFAULT_PASSTHROUGH_HEADERS: 'X-Caller-Id',
    },
    { propagate_identity: true },
    ['x-caller-email'],
  ],
  [
    'a token alone is said',
    { IDENTITY_PROPAGATION_ENABLED: 'true', IDENTITY_PROPAGATION_MODE: 'jwt' },
    { propagate_identity: true },
    ['x-forwarded-user-token'],
  ],
])('where %s', (_, settings, wish, names) => {
  it.each(ERAS)('an upstream is told that and no more: %s', async (up) => {
    const house = await House.open(settings, wish);
    try {
      await house.person('ann@example.com');
      const forged = { ...FORGED, 'x-caller-id': 'canary', 'x-caller-email': 'canary' };
      const seen = await house.whoami('modern', up, await house.token('ann@example.com'), forged);
      expect(told(seen)).toEqual(names);
      expect(JSON.stringify(seen)).not.toContain('canary');
    } finally {
      await house.close();
    }
  });
});

describe('a secret that upstreams would have to share', () => {
  it('signs no such token: the gateway does not start', async () => {
    const starting = RunningGateway.start({ IDENTITY_PROPAGATION_ENABLED: 'true' });
    await expect(starting).rejects.toThrow('IDENTITY_PROPAGATION_MODE must be headers');
  });
});
