import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ReferenceWatch } from '../../../src/registry/catalog/reference-watch.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { ROOT_TOKEN, VaultServer } from '../../fixtures/stores/vault-server.js';
import type { ObservedRequest } from '../../fixtures/upstreams/observed-calls.js';
import { RestService } from '../../fixtures/upstreams/rest-service.js';
import {
  type ScriptedAnswer,
  type ScriptedUpstream,
  startScriptedUpstream,
} from '../../fixtures/upstreams/scripted-upstream.js';

const PASSWORD = 'A test fixture, not a secret 7';
const VARIABLE = 'variable-of-a-test-fixture';
const REFERENCE = 'vault://kv/gateways/crm#token';
const CACHE_SECONDS = 60;
const STALE_SECONDS = 30;

let names = 0;
let secret = 'first-secret-of-a-test-fixture';
/** All secrets that there ever were. */
const secrets = [VARIABLE, ROOT_TOKEN];

const guarded =
  (answer: ScriptedAnswer) =>
  ({ headers }: ObservedRequest): ScriptedAnswer =>
    headers['authorization'] === `Bearer ${secret}` ? answer : { status: 401 };
const DISCOVERED = { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } };

async function signedIn(gate: RunningGateway, name: string): Promise<string> {
  const account = {
    email: `${name}@example.com`,
    password: PASSWORD,
    full_name: name,
    password_change_required: false,
  };
  const made = await gate.rest('POST', '/auth/email/admin/users', account);
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const { body } = await gate.rest('POST', '/auth/login', { email: account.email, password: PASSWORD });
  return body.access_token;
}

describe('credentials that refer to secrets', () => {
  let gate: RunningGateway;
  let vault: VaultServer;
  let upstream: ScriptedUpstream;
  let service: RestService;
  let owner: string;
  let teamId: string;
  let id: string;

  /** The secret of now, at the upstream and in Vault. */
  const change = (to: string): void => {
    secrets.push((secret = to));
    vault.kv.set('kv/gateways/crm', [{ token: to, key: `key-${to}` }]);
  };
  const wished = (more: object = {}) => ({
    name: `crm ${(names += 1)}`,
    url: upstream.url,
    transport: 'STREAMABLEHTTP',
    authType: 'bearer',
    authToken: REFERENCE,
    ...more,
  });
  const register = (more: object = {}, token?: string) => gate.rest('POST', '/gateways', wished(more), token);
  const call = async (): Promise<object> => {
    const { body } = await callMcp(`${gate.url}/mcp`, gate.session, 'tools/call', { name: 'crm-1-run', arguments: {} });
    return body;
  };
  const look = (): Promise<void> => gate.gateway.app.get(ReferenceWatch).look();
  const later = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);
  const works = { result: { content: [] } };

  beforeAll(async () => {
    vault = await new VaultServer().start();
    change(secret);
    upstream = await startScriptedUpstream({
      'server/discover': guarded({ result: DISCOVERED }),
      'tools/list': guarded({ result: { tools: [tool('run')] } }),
      'tools/call': guarded({ result: { resultType: 'complete', content: [] } }),
    });
    service = await RestService.start();
    gate = await RunningGateway.start({
      VAULT_ADDR: vault.url,
      VAULT_TOKEN: ROOT_TOKEN,
      SECRET_REFERENCES_ALLOWED: 'vault://kv/gateways/,env://',
      SECRET_REFERENCES_ENVIRONMENT: 'UPSTREAM_KEY',
      SECRET_REFERENCES_CACHE_SECONDS: String(CACHE_SECONDS),
      SECRET_REFERENCES_STALE_SECONDS: String(STALE_SECONDS),
      UPSTREAM_KEY: VARIABLE,
      NOT_FOR_UPSTREAMS: 'canary-of-a-test-fixture',
    });
    owner = await signedIn(gate, 'owner');
    const team = await gate.rest('POST', '/teams', { name: 'Red' }, owner);
    teamId = team.body.id;
    const { status, body } = await register();
    expect(status, JSON.stringify(body)).toBe(200);
    ({ id } = body);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  });
  afterEach(() => {
    vault.reset();
  });
  afterAll(async () => {
    vi.useRealTimers();
    await gate?.stop();
    await upstream?.close();
    await service?.close();
    await vault?.stop();
  });

  it('sends the secret to the upstream, and shows the reference to people', async () => {
    expect(await call()).toMatchObject(works);
    const { body } = await gate.rest('GET', `/gateways/${id}`);
    expect(body).toMatchObject({ authType: 'bearer', authToken: REFERENCE });
    for (const path of ['/gateways', `/gateways/${id}`, '/tools']) {
      const text = JSON.stringify((await gate.rest('GET', path)).body);
      for (const each of secrets) expect(text).not.toContain(each);
    }
  });

  it('asks the store for none of the calls while the secret is fresh', async () => {
    await look();
    for (let at = 0; at < 3; at += 1) expect(await call()).toMatchObject(works);
    expect(vault.seen).toEqual([]);
  });

  it('sends the secret of now when the one before has had its time', async () => {
    change('second-secret-of-a-test-fixture');
    later(CACHE_SECONDS + 1);
    await look();
    expect(await call()).toMatchObject(works);
  });

  it('reads it again when the upstream refuses it', async () => {
    change('third-secret-of-a-test-fixture');
    later(11);
    expect(await call()).toMatchObject({ error: { message: expect.stringContaining('credentials') } });
    await look();
    expect(await call()).toMatchObject(works);
  });

  it('does not let an upstream that refuses everything have the store asked again and again', async () => {
    change('fourth-secret-of-a-test-fixture');
    vault.kv.set('kv/gateways/crm', [{ token: 'third-secret-of-a-test-fixture', key: 'k' }]);
    later(11);
    for (let at = 0; at < 5; at += 1) {
      await call();
      await look();
    }
    expect(vault.seen).toHaveLength(1);
    change('fifth-secret-of-a-test-fixture');
    later(11);
    await call();
    await look();
    expect(await call()).toMatchObject(works);
  });

  it('uses it a while longer when the store is down, and then not at all, until the store is back', async () => {
    vault.trouble = 'down';
    later(CACHE_SECONDS + 1);
    await look();
    expect(await call()).toMatchObject(works);
    later(STALE_SECONDS);
    await look();
    const seen = upstream.calls.requests.length;
    expect(await call()).toMatchObject({ error: {} });
    expect(upstream.calls.requests).toHaveLength(seen);
    vault.trouble = 'none';
    later(6);
    await look();
    expect(await call()).toMatchObject(works);
  });

  it('is left out at once when the secret is gone', async () => {
    vault.kv.delete('kv/gateways/crm');
    later(CACHE_SECONDS + 1);
    await look();
    expect(await call()).toMatchObject({ error: {} });
    expect((await gate.rest('POST', `/gateways/${id}/refresh`)).status).toBe(409);
    change('sixth-secret-of-a-test-fixture');
    later(6);
    await look();
    expect(await call()).toMatchObject(works);
  });

  it('is refused to who is no administrator of the platform, whatever else they may', async () => {
    const { status, body } = await register({ visibility: 'team', teamId }, owner);
    expect(status).toBe(403);
    expect(JSON.stringify(body)).toContain('platform administrators');
    const plain = await register({ visibility: 'team', teamId, authToken: secret }, owner);
    expect(plain.status, JSON.stringify(plain.body)).toBe(200);
    const path = `/gateways/${plain.body.id}`;
    for (const wish of [
      { authToken: REFERENCE },
      { authType: 'basic', authUsername: 'u', authPassword: REFERENCE },
      { authType: 'authheaders', authHeaders: [{ key: 'X-Key', value: 'env://UPSTREAM_KEY' }] },
      { authToken: 'vault://kv/elsewhere#x' },
    ])
      expect((await gate.rest('PUT', path, wish, owner)).status, JSON.stringify(wish)).toBe(403);
    expect((await gate.rest('GET', path, undefined, owner)).body.authToken).toBe('*****');
  });

  it('does not let somebody else move a gateway that keeps its reference', async () => {
    const { body, status } = await register({ visibility: 'team', teamId });
    expect(status, JSON.stringify(body)).toBe(200);
    const moved = { url: `${upstream.url}/elsewhere` };
    expect((await gate.rest('PUT', `/gateways/${body.id}`, moved, owner)).status).toBe(403);
    expect((await gate.rest('PUT', `/gateways/${body.id}`, { description: 'ours' }, owner)).status).toBe(200);
  });

  it.each([
    ['vault://kv/elsewhere#token', 'does not let pass'],
    ['vault://kv/gateways-of-others/crm#token', 'does not let pass'],
    ['vault://kv/gateways/../elsewhere#token', 'not well made'],
    ['vault://kv/gateways/%2e%2e/elsewhere#token', 'not well made'],
    ['vault://kv/gateways/..%2Felsewhere#token', 'not well made'],
    ['VAULT://kv/gateways/crm#token', 'not well made'],
    [' vault://kv/gateways/crm#token', 'not well made'],
    ['vault://', 'not well made'],
    ['aws-sm://prod/crm', 'does not let pass'],
    ['file:///etc/passwd', 'does not let pass'],
    ['env://NOT_FOR_UPSTREAMS', 'SECRET_REFERENCES_ENVIRONMENT'],
    ['env://AUTH_ENCRYPTION_SECRET', 'SECRET_REFERENCES_ENVIRONMENT'],
    ['vault://kv/gateways/none#token', 'has nothing'],
    ['vault://kv/gateways/crm#other', 'no such field'],
  ])('refuses %j, and never sends it', async (authToken, why) => {
    const seen = upstream.calls.requests.length;
    const { status, body } = await register({ authToken });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('authToken');
    expect(JSON.stringify(body)).toContain(why);
    expect(upstream.calls.requests).toHaveLength(seen);
  });

  it('works for tools that the gateway calls itself', async () => {
    const wish = {
      name: 'weather',
      integrationType: 'REST',
      requestType: 'GET',
      url: `${service.origin}/weather`,
      inputSchema: { type: 'object' },
      authType: 'authheaders',
      authHeaders: [
        { key: 'X-Key', value: 'env://UPSTREAM_KEY' },
        { key: 'X-Plain', value: 'plain-of-a-test-fixture' },
      ],
    };
    expect((await gate.rest('POST', '/tools', { tool: { ...wish, visibility: 'team', teamId } }, owner)).status).toBe(
      403,
    );
    const { status, body } = await gate.rest('POST', '/tools', { tool: wish });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.authHeaders).toEqual([
      { key: 'X-Key', value: 'env://UPSTREAM_KEY' },
      { key: 'X-Plain', value: '*****' },
    ]);
    await callMcp(`${gate.url}/mcp`, gate.session, 'tools/call', { name: 'weather', arguments: {} });
    expect(service.last.headers).toMatchObject({ 'x-key': VARIABLE, 'x-plain': 'plain-of-a-test-fixture' });
  });

  it('does not let somebody else lead a tool elsewhere that keeps its reference', async () => {
    const wish = {
      name: 'ours',
      integrationType: 'REST',
      requestType: 'GET',
      url: `${service.origin}/weather`,
      inputSchema: { type: 'object' },
      authType: 'bearer',
      authToken: 'env://UPSTREAM_KEY',
      visibility: 'team',
      teamId,
    };
    const { body, status } = await gate.rest('POST', '/tools', { tool: wish });
    expect(status, JSON.stringify(body)).toBe(200);
    const path = `/tools/${body.id}`;
    for (const change of [{ url: `${service.origin}/elsewhere` }, { requestType: 'POST' }, { headers: { 'X-A': 'b' } }])
      expect((await gate.rest('PUT', path, change, owner)).status, JSON.stringify(change)).toBe(403);
    expect((await gate.rest('PUT', path, { description: 'ours' }, owner)).status).toBe(200);
    expect((await gate.rest('PUT', path, { url: `${service.origin}/elsewhere` })).status).toBe(200);
  });

  it('keeps a reference that is masked in a change', async () => {
    const changed = await gate.rest('PUT', `/gateways/${id}`, { tags: ['kept'], authToken: '*****' });
    expect(changed.body.authToken).toBe(REFERENCE);
    expect(await call()).toMatchObject(works);
  });
});

it('knows no references unless the settings let some pass', async () => {
  const upstream = await startScriptedUpstream({});
  const gate = await RunningGateway.start({});
  try {
    const wish = { name: 'crm', url: upstream.url, authType: 'bearer', authToken: 'env://HOME' };
    const { status, body } = await gate.rest('POST', '/gateways', wish);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('SECRET_REFERENCES_ALLOWED');
    expect(upstream.calls.requests).toEqual([]);
  } finally {
    await gate.stop();
    await upstream.close();
  }
});
