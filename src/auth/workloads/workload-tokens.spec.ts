import { Logger } from '@nestjs/common';
import { SignJWT } from 'jose';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import { ScriptedIssuer } from '../../../test/fixtures/oauth/scripted-issuer.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { seconds } from '../../../test/fixtures/signed-token.js';
import { loopbackEgress } from '../../../test/fixtures/upstreams/loopback-egress.js';
import { PrincipalResolver } from '../principals/principal-resolver.js';
import { WorkloadTokens } from './workload-tokens.js';
import { WorkloadSettings } from './workload.settings.js';

const AGENT = 'system:serviceaccount:prod:agent';
const SPIFFE_ID = 'spiffe://example.org/ns/prod/sa/agent';
const INVALID = { code: 'invalid_token' };

describe(WorkloadTokens.name, () => {
  let cluster: ScriptedIssuer;
  let domain: ScriptedIssuer;
  let identity: Identity;
  let folder: string;
  let resolver: PrincipalResolver;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    [cluster, domain] = await Promise.all([ScriptedIssuer.start(), ScriptedIssuer.start()]);
  });
  afterAll(() => Promise.all([cluster.close(), domain.close()]));

  beforeEach(async () => {
    cluster.silent = false;
    cluster.asked.clear();
    folder = mkdtempSync(join(tmpdir(), 'portcullis-keys-'));
    const bundle = [
      { ...domain.jwk, use: 'x509-svid', kid: 'other' },
      { ...domain.jwk, use: 'jwt-svid' },
    ];
    writeFileSync(join(folder, 'bundle.json'), JSON.stringify({ keys: bundle, spiffe_sequence: 1 }));
    identity = await Identity.open();
    const service = { account: 'agent@services.example', permissions: ['tools.read', 'tools.execute'] };
    resolver = resolving([
      {
        issuer: cluster.issuer,
        audiences: ['portcullis'],
        max_lifetime_seconds: 3600,
        services: [
          { subject: 'system:serviceaccount:prod:*', ...service },
          { subject: 'system:serviceaccount:ops:person', ...service, account: 'ann@example.com' },
        ],
      },
      {
        trust_domain: 'example.org',
        jwks_file: join(folder, 'bundle.json'),
        audiences: ['portcullis'],
        services: [{ subject: 'spiffe://example.org/ns/prod/sa/*', ...service }],
      },
    ]);
    await identity.addUser('agent@services.example', { authProvider: 'workload' });
  });
  afterEach(async () => {
    await identity.close();
    rmSync(folder, { recursive: true });
  });

  function resolving(issuers: readonly object[]): PrincipalResolver {
    const settings = settingsOf(WorkloadSettings, { WORKLOAD_ISSUERS: JSON.stringify(issuers) });
    const [a, b, c, d, e, f, g, h, i, j] = identity.resolverParts();
    const workloads = new WorkloadTokens(settings, loopbackEgress());
    return new PrincipalResolver(a, b, c, d, e, f, g, h, i, j, workloads);
  }

  const kubernetes = (claims: object = {}, header: object = {}) =>
    cluster.sign({ sub: AGENT, aud: ['portcullis'], ...claims }, { typ: undefined, ...header });
  const svid = (claims: object = {}, header: object = {}) =>
    domain.sign({ iss: undefined, sub: SPIFFE_ID, aud: 'portcullis', ...claims }, { typ: 'JOSE', ...header });
  const account = () => identity.users.byEmail('agent@services.example');

  it('makes a service of a service account, in its teams, with what the mapping allows', async () => {
    const user = await account();
    await identity.joinTeam('red', ...(user ? [user] : []));
    expect(await resolver.resolve(await kubernetes())).toMatchObject({
      kind: 'service',
      subject: 'agent@services.example',
      isAdmin: false,
      teams: { kind: 'teams', ids: new Set(['red']), narrowed: false },
      restrictions: { permissions: new Set(['servers.use', 'tools.read', 'tools.execute']) },
      expiresAt: expect.any(Number) as number,
    });
  });

  it.each(['JOSE', 'JWT', undefined])('takes a JWT-SVID of type %s, by a bundle in a file', async (typ) => {
    expect(await resolver.resolve(await svid({}, { typ }))).toMatchObject({ kind: 'service' });
  });

  it.each<[string, object]>([
    ['for another audience', { aud: ['https://kubernetes.default.svc'] }],
    ['for another audience too', { aud: ['portcullis', 'https://kubernetes.default.svc'] }],
    ['for an audience that only begins so', { aud: ['portcullis2'] }],
    ['for nobody', { aud: [] }],
    ['without audience', { aud: undefined }],
    ['without expiry', { exp: undefined }],
    ['that lives too long', { exp: seconds(3661) }],
    ['that lives too long and does not say since when', { iat: undefined, exp: seconds(3700) }],
    ['of tomorrow', { nbf: seconds(3000) }],
    ['of another issuer', { iss: 'https://elsewhere.example' }],
    ['without issuer', { iss: undefined }],
    ['of a namespace that begins alike', { sub: 'system:serviceaccount:prod-evil:x' }],
    ['of another namespace', { sub: 'system:serviceaccount:dev:agent' }],
    ['of a name with a colon', { sub: 'system:serviceaccount:prod:a:b' }],
    ['of a node', { sub: 'system:node:prod' }],
    ['of an account that is a star', { sub: 'system:serviceaccount:prod:*' }],
    ['of no text', { sub: 7 }],
    ['of the trust domain of another', { sub: SPIFFE_ID }],
    ['bound to a proof', { cnf: { jkt: 'x'.repeat(43) } }],
  ])('refuses a token of the cluster %s', async (_, claims) => {
    await expect(resolver.resolve(await kubernetes(claims))).rejects.toMatchObject(INVALID);
  });

  it.each<[string, object]>([
    ['for another audience', { aud: 'else' }],
    ['without audience', { aud: undefined }],
    ['without expiry', { exp: undefined }],
    ['of another path', { sub: 'spiffe://example.org/ns/dev/sa/agent' }],
    ['with dots in its path', { sub: 'spiffe://example.org/ns/prod/sa/../x' }],
    ['of another trust domain', { sub: 'spiffe://example.org.evil.net/ns/prod/sa/agent' }],
    ['that says it is of the cluster', { sub: AGENT }],
  ])('refuses a JWT-SVID %s', async (_, claims) => {
    await expect(resolver.resolve(await svid(claims))).rejects.toMatchObject(INVALID);
  });

  it('refuses what has expired', async () => {
    for (const token of [await kubernetes({ exp: seconds(-1) }), await svid({ exp: seconds(-1) })])
      await expect(resolver.resolve(token)).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('refuses other algorithms, other keys and other headers', async () => {
    const claims = { iss: cluster.issuer, sub: AGENT, aud: 'portcullis', iat: seconds(), exp: seconds(300) };
    const hs256 = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(new TextEncoder().encode(JSON.stringify(cluster.jwk)));
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${part({ alg: 'none' })}.${part(claims)}.${part({})}`;
    const ofAnother = await domain.sign({ ...claims }, { typ: 'JWT' });
    const jku = await kubernetes({}, { jku: `${domain.issuer}/keys` });
    for (const token of [hs256, none, none.replace(/[^.]+$/, ''), ofAnother, jku, await svid({}, { typ: 'at+x' })])
      await expect(resolver.resolve(token)).rejects.toMatchObject(INVALID);
  });

  it('refuses one whose account is switched off, gone, of a person, or an administrator', async () => {
    const user = await account();
    if (!user) throw new Error('there is one');
    await identity.addUser('ann@example.com');
    const ofPerson = await kubernetes({ sub: 'system:serviceaccount:ops:person' });
    await expect(resolver.resolve(ofPerson)).rejects.toMatchObject({ code: 'user_not_found' });
    const token = await kubernetes();
    await identity.users.setActive(user.id, false);
    await expect(resolver.resolve(token)).rejects.toMatchObject({
      code: 'account_disabled',
      holder: { subject: 'agent@services.example' },
    });
    const { manager } = identity.database;
    await manager.update('User', { id: user.id }, { isActive: true, isAdmin: true });
    await expect(resolver.resolve(token)).rejects.toMatchObject({ reason: 'service_admin' });
    await manager.delete('User', { id: user.id });
    await expect(resolver.resolve(token)).rejects.toMatchObject({ code: 'user_not_found' });
  });

  it('says so while the keys cannot be had', async () => {
    cluster.silent = true;
    await expect(resolver.resolve(await kubernetes())).rejects.toMatchObject({ code: 'issuer_unavailable' });
    rmSync(join(folder, 'bundle.json'));
    await expect(resolver.resolve(await svid())).rejects.toMatchObject({ code: 'issuer_unavailable' });
  });

  it('takes none while nobody is named', async () => {
    const off = resolving([]);
    for (const token of [await kubernetes(), await svid()])
      await expect(off.resolve(token)).rejects.toMatchObject(INVALID);
    expect(cluster.asked.size).toBe(0);
  });
});
