import { decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SigningKeysDto } from '../../../src/auth/keys/dto/signing-key.dto.js';
import { KeyFiles, pairFor } from '../../fixtures/key-files.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const PATH = '/admin/keys/jwt';
const kidOf = (token: string): string => decodeProtectedHeader(token).kid!;

describe.each(['ES256', 'HS256'] as const)('a stolen key of tokens, %s', (algorithm) => {
  const files = new KeyFiles();
  let running: RunningGateway;
  beforeAll(async () => {
    const pair = algorithm === 'ES256' ? files.variables(algorithm, pairFor(algorithm)) : {};
    running = await RunningGateway.start({ ...pair, JWT_KEY_LEAD_SECONDS: '0' });
  });
  afterAll(async () => {
    await running.stop();
    files.remove();
  });

  const use = async (token: string): Promise<[number, string | undefined]> => {
    const { status, body } = await running.rest('GET', '/version', undefined, token);
    return [status, body.code];
  };
  const rotate = async (): Promise<string> =>
    (await running.rest<SigningKeysDto>('POST', `${PATH}/rotate`)).body.keys.at(-1)!.kid;
  const revoke = (kid: string, token?: string | null) =>
    running.rest('DELETE', `${PATH}/${encodeURIComponent(kid)}`, undefined, token);

  it('verifies nothing any more from the moment when it is revoked; what others signed goes on', async () => {
    const stolen = await rotate();
    const token = await running.mint('of the stolen key');
    expect(kidOf(token)).toBe(stolen);
    expect(await use(token)).toEqual([200, undefined]);

    const next = await rotate();
    const { status, body } = await revoke(stolen);
    expect(status).toBe(200);
    expect(body.keys).toMatchObject([
      { kid: kidOf(running.session), state: 'verifies' },
      { kid: next, state: 'signs' },
    ]);
    expect(await use(token)).toEqual([401, 'invalid_token']);
    expect(await use(running.session)).toEqual([200, undefined]);
    const published = await running.rest<JSONWebKeySet>('GET', '/.well-known/jwks.json');
    expect(published.body.keys.map(({ kid }) => kid)).not.toContain(stolen);
    const after = await running.mint('of the next key');
    expect([kidOf(after), await use(after)]).toEqual([next, [200, undefined]]);

    expect((await revoke(stolen)).body.code).toBe('not_found');
    const trail = await running.rest('GET', '/api/logs/audit-trails?action=revoke');
    expect(JSON.stringify(trail.body)).toContain(stolen);
  });

  it('is not the newest: nothing would sign after it', async () => {
    const newest = await rotate();
    expect((await revoke(newest)).body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('rotate') });
    expect(await use(await running.mint(`still ${newest}`))).toEqual([200, undefined]);
  });

  it('is revoked by nobody who may not', async () => {
    const kid = await rotate();
    await rotate();
    expect((await revoke(kid, null)).status).toBe(401);
    const signedIn = await running.mint('without the permission', { permissions: ['tools.read'] });
    expect((await revoke(kid, signedIn)).status).toBe(403);
    expect((await running.rest<SigningKeysDto>('GET', PATH)).body.keys.map((key) => key.kid)).toContain(kid);
  });

  it.each(['unknown', '..', '%00', '\0', "' OR 1=1", '-'.repeat(300), 'jwt'])(
    'is one of the database: there is none called %j',
    async (kid) => {
      expect((await revoke(kid)).status).toBe(404);
    },
  );

  it('is not one of the settings: that goes with them', async () => {
    expect((await revoke(kidOf(running.session))).body).toMatchObject({
      code: 'not_found',
      detail: expect.stringContaining('settings'),
    });
  });
});
