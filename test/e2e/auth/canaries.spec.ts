import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FormerPassword } from '../../../src/auth/passwords/password-history.entity.js';
import { User } from '../../../src/auth/accounts/user.entity.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { usageOf } from '../mcp/usage-of.js';
import { bearer } from './credentials.js';
import { Life } from './life.js';
import { Witness } from './witness.js';

const ORIGIN = 'http://gate.example.com';
const random = (): string => randomBytes(32).toString('base64url');

/** What the database knows of secrets. */
const HASHES = {
  'hash of a password': ['email_users.password_hash', 'password_history.password_hash'],
  'hash of an API token': ['email_api_tokens.token_hash'],
  'hash of a reset token': ['password_reset_tokens.token_hash'],
  'hash of an invitation': ['email_team_invitations.token_hash'],
};

describe('after all that can happen to credentials, a secret is seen', () => {
  const witness = new Witness();
  let folder: string;
  let running: RunningGateway;
  let upstream: TestUpstream;
  const database = () => running.gateway.app.get(DataSource);

  beforeAll(async () => {
    vi.stubGlobal('console', witness.console);
    folder = mkdtempSync(join(tmpdir(), 'portcullis-canaries-'));
    const [jwt, encryption, basicPassword] = [random(), random(), random()];
    witness.keep('a secret of the settings', jwt, encryption, basicPassword);
    running = await RunningGateway.start({
      DATA_DIR: folder,
      APP_DOMAIN: ORIGIN,
      LOG_LEVEL: 'debug',
      JWT_SECRET_KEY: jwt,
      AUTH_ENCRYPTION_SECRET: encryption,
      API_ALLOW_BASIC_AUTH: 'true',
      BASIC_AUTH_PASSWORD: basicPassword,
      PUBLIC_REGISTRATION_ENABLED: 'true',
      FAILED_LOGIN_MIN_RESPONSE_MS: '0',
    });
    const mail = join(folder, 'mail');
    const mails = () =>
      readdirSync(mail).map((name) => readFileSync(join(mail, name), 'utf8').replaceAll(/=\r?\n/g, ''));
    upstream = await startDualEraUpstream();
    await new Life({ running, witness, origin: ORIGIN, basicPassword, upstream: upstream.url, mails }).run();
    await witness.call(running.url, 'GET', '/version', undefined, {
      ...bearer(running.session),
      'x-correlation-id': 'last',
    });
    await usageOf(running, 'last');
    const users = await database().getRepository(User).find();
    const former = await database().getRepository(FormerPassword).find();
    for (const { passwordHash } of [...users, ...former])
      if (passwordHash !== null) witness.keepHash('a password', passwordHash);
  });
  afterAll(async () => {
    await running?.stop();
    await upstream?.close();
    vi.unstubAllGlobals();
    rmSync(folder, { recursive: true, force: true });
  });

  it('in the answers that are meant to show it, and in no other', () => {
    expect(witness.inAnswers()).toEqual({
      'a session token': [
        'POST /auth/email/register: body',
        'POST /auth/login: body',
        'POST /auth/login: set-cookie',
        'POST /auth/refresh: body',
        'POST /auth/refresh: set-cookie',
      ],
      'a CSRF token': [
        'GET /auth/csrf-token: body',
        'GET /auth/csrf-token: set-cookie',
        'POST /auth/login: set-cookie',
        'POST /auth/refresh: body',
        'POST /auth/refresh: set-cookie',
      ],
      'an API token': ['POST /tokens: body'],
      'an invitation': ['POST /teams/:id/invitations: body'],
    });
  });

  it('in no line of the log', () => {
    expect(witness.log.match(/unhandled error/g)).toHaveLength(6);
    expect(witness.inLog()).toEqual({});
    // Nor one that nobody was told, since what it was made for failed.
    expect(witness.log).not.toMatch(/\$argon2|\b[0-9a-f]{64}\b|\beyJ[\w-]+\.[\w-]+\./);
  });

  it('in no row; its hash in the one column that is for it', async () => {
    expect(await witness.inDatabase(database())).toEqual(HASHES);
  });

  it('in no file but the mail that carries it', () => {
    const seen = witness.inFiles(folder, (path) => (path.startsWith('mail') ? 'a mail' : 'the database'));
    const hashes = Object.fromEntries(Object.keys(HASHES).map((kind) => [kind, ['the database']]));
    expect(seen).toEqual({ ...hashes, 'a reset token': ['a mail'], 'an invitation': ['a mail'] });
  });
});

it('the password of a Redis that is away is seen nowhere', async () => {
  const witness = new Witness();
  vi.stubGlobal('console', witness.console);
  const password = random();
  witness.keep('the password of Redis', password);
  // Nobody listens there.
  const REDIS_URL = `redis://somebody:${password}@127.0.0.1:1/0`;
  const running = await RunningGateway.start({ LOG_LEVEL: 'debug', REDIS_URL });
  try {
    const token = await running.mint('limited', { usage_limits: { requests_per_hour: 1 } });
    const { status } = await witness.call(running.url, 'GET', '/tools', undefined, bearer(token));
    const { body } = await witness.call(running.url, 'GET', '/version', undefined, bearer(running.session));
    expect([status, body.redis.state]).toEqual([503, 'down']);
    expect(witness.log).toContain('Redis cannot be reached');
    expect([witness.inAnswers(), witness.inLog()]).toEqual([{}, {}]);
  } finally {
    await running.stop();
    vi.unstubAllGlobals();
  }
});
