import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { User } from '../../../src/auth/accounts/user.entity.js';
import { addUser } from '../../fixtures/people.js';
import { ScimGate } from '../../fixtures/scim/scim-gate.js';

const ROUTES = [
  ['GET', '/ServiceProviderConfig'],
  ['GET', '/ResourceTypes'],
  ['GET', '/ResourceTypes/User'],
  ['GET', '/Schemas'],
  ['GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User'],
  ...['/Users', '/Groups'].flatMap((path) => [
    ['GET', path],
    ['POST', path],
    ...['GET', 'PUT', 'PATCH', 'DELETE'].map((method) => [method, `${path}/${'f'.repeat(32)}`]),
  ]),
] as [method: string, path: string][];

const bodyOf = (method: string): object | undefined => (method.startsWith('P') ? {} : undefined);

describe('the doors of SCIM', () => {
  let gate: ScimGate;
  let off: ScimGate;
  let strangers: Record<string, string | null>;

  beforeAll(async () => {
    gate = await ScimGate.start();
    off = await ScimGate.start({ SCIM_ENABLED: 'false' });
    await addUser(gate.running, 'root@example.com', true);
    await addUser(gate.running, 'pete@example.com');
    const ended = await gate.mint('okta-scim@example.com');
    const { body } = await gate.running.rest('GET', '/tokens/admin/all?user_email=okta-scim@example.com');
    await gate.running.rest('DELETE', `/tokens/admin/${body.tokens[0].id}`);
    strangers = {
      '401 nobody': null,
      '401 garbage': 'not a token',
      '401 a token that was revoked': ended,
      '403 a user': await gate.mint('pete@example.com', ['tools.read']),
      '403 an administrator whom no setting names': await gate.mint('root@example.com'),
      '403 a session of an administrator': gate.running.session,
      '403 the account of a client with a token for tools': await gate.mint('okta-scim@example.com', ['tools.read']),
    };
  });
  afterAll(() => Promise.all([gate.stop(), off.stop()]));

  it.each([
    '401 nobody',
    '401 garbage',
    '401 a token that was revoked',
    '403 a user',
    '403 an administrator whom no setting names',
    '403 a session of an administrator',
    '403 the account of a client with a token for tools',
  ])('are closed: %s', async (who) => {
    const status = Number(who.slice(0, 3));
    for (const [method, path] of ROUTES) {
      const answer = await gate.call(method, path, bodyOf(method), strangers[who]);
      expect([method, path, answer.status, answer.body.status]).toEqual([method, path, status, String(status)]);
      expect(answer.headers.get('content-type')).toContain('application/scim+json');
      expect(answer.headers.has('www-authenticate')).toBe(status === 401);
    }
  });

  it('let a token that may read do no more', async () => {
    const reader = await gate.mint('okta-scim@example.com', ['scim.read']);
    for (const [method, path] of ROUTES) {
      const { status } = await gate.call(method, path, bodyOf(method), reader);
      expect([method, path, status]).toEqual([method, path, method !== 'GET' ? 403 : path.endsWith('f') ? 404 : 200]);
    }
  });

  it('open nothing else to a token for SCIM', async () => {
    for (const path of ['/tools', '/auth/email/admin/users', '/tokens', '/auth/email/me', '/teams'])
      expect((await gate.running.rest('GET', path, undefined, gate.okta)).status).toBe(403);
  });

  it('are not there while SCIM is off', async () => {
    for (const [method, path] of ROUTES) {
      const { status, body } = await off.call(method, path, bodyOf(method));
      expect([status, body.code]).toEqual([404, 'not_found']);
    }
  });

  it('say what there is', async () => {
    const { body: config } = await gate.call('GET', '/ServiceProviderConfig');
    expect(config).toMatchObject({
      patch: { supported: true },
      filter: { supported: true, maxResults: 200 },
      bulk: { supported: false },
      sort: { supported: false },
      etag: { supported: false },
      changePassword: { supported: false },
    });
    const { body: types } = await gate.call('GET', '/ResourceTypes');
    expect(types.Resources.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual(['/Users', '/Groups']);
    const { body: schemas } = await gate.call('GET', '/Schemas');
    expect(schemas).toMatchObject({ totalResults: 2 });
    expect((await gate.call('GET', `/Schemas/${schemas.Resources[1].id}`)).body).toEqual(schemas.Resources[1]);
    for (const path of ['/Schemas/x', '/ResourceTypes/__proto__', '/Bulk', '/Me'])
      expect((await gate.call('GET', path)).status).toBe(404);
  });

  it('take JSON of SCIM alone and of all kinds, and nothing else', async () => {
    for (const [type, status] of [
      ['application/scim+json; charset=utf-8', 400],
      ['application/json', 400],
      ['application/scim+jsonx', 415],
      ['text/plain', 415],
    ] as const) {
      const headers = { Authorization: `Bearer ${gate.okta}`, 'Content-Type': type };
      const response = await fetch(`${gate.running.url}/scim/v2/Users`, { method: 'POST', headers, body: '{}' });
      expect([type, response.status]).toEqual([type, status]);
    }
  });

  it('keep the last administrator, and the account that calls', async () => {
    const rows = gate.running.gateway.app.get(DataSource).getRepository(User);
    const own = await rows.findOneByOrFail({ email: 'okta-scim@example.com' });
    await rows.update({ id: own.id }, { authProvider: 'okta' });
    const self = await gate.call('DELETE', `/Users/${own.id}`);
    expect([self.status, self.body.detail]).toEqual([409, 'Cannot delete your own account']);
    await rows.update({ email: 'root@example.com' }, { isAdmin: false });
    await rows.update({ email: 'entra-scim@example.com' }, { isAdmin: false });
    await rows.update({ email: 'admin@example.com' }, { isAdmin: false });
    const last = await gate.patch(`/Users/${own.id}`, { op: 'replace', path: 'active', value: false });
    expect([last.status, last.body.detail]).toEqual([409, 'Cannot demote or deactivate the last remaining admin user']);
  });
});
