import { Logger } from '@nestjs/common';
import { Command, CommanderError } from 'commander';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyFiles, pairFor } from '../../../test/fixtures/key-files.js';
import { SHARED_SECRET, signedToken } from '../../../test/fixtures/signed-token.js';
import { Environment } from '../../config/environment.js';
import { keysCommand } from '../keys/keys-command.js';
import { tokenCommand } from './token-command.js';
import { tokenParts } from './token-parts.js';

type Variables = Readonly<Record<string, string>>;

describe('portcullis token', () => {
  let folder: string;
  let secrets: Variables;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
    secrets = {
      DATA_DIR: folder,
      JWT_SECRET_KEY: SHARED_SECRET,
      AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('hex'),
      PLATFORM_ADMIN_PASSWORD: randomBytes(16).toString('hex'),
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(args: readonly string[], variables: Variables = {}): Promise<{ out: string; err: string }> {
    const written = { out: '', err: '' };
    const output = {
      stdout: { write: (text: string) => (written.out += text) },
      stderr: { write: (text: string) => (written.err += text) },
    };
    const quiet = { writeErr: () => undefined, writeOut: () => undefined };
    const command = tokenCommand(new Environment({ ...secrets, ...variables }), output);
    for (const each of [command, ...command.commands]) each.exitOverride().configureOutput(quiet);
    await new Command().addCommand(command).parseAsync(['token', ...args], { from: 'user' });
    return written;
  }
  const claimsOf = (token: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const created = async (...args: string[]): Promise<Record<string, unknown>> =>
    claimsOf((await run(['create', ...args])).out);

  it('prints a token with the claims of every token, and nothing else', async () => {
    const { out, err } = await run(['create', '-u', 'ann@example.com']);
    expect(err).toBe('');
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { iat, exp, jti, ...claims } = claimsOf(out);
    expect(claims).toEqual({
      sub: 'ann@example.com',
      username: 'ann@example.com',
      iss: 'mcpgateway',
      aud: 'mcpgateway-api',
      env: 'development',
    });
    expect([Number(exp) - Number(iat), String(jti).length]).toEqual([20 * 60, 36]);
    const { verifier } = tokenParts(new Environment(secrets), {});
    expect((await verifier.verify(out.trim())).sub).toBe('ann@example.com');
  });

  it.each<[string[], object]>([
    [['-u', 'a@b.example', '--admin'], { is_admin: true, teams: null, user: { email: 'a@b.example', is_admin: true } }],
    [['-u', 'a@b.example', '--full-name', 'Ann B'], { user: { full_name: 'Ann B', is_admin: false } }],
    [['-u', 'a@b.example', '--admin', '--teams', 'red, blue'], { teams: ['red', 'blue'] }],
    [['-u', 'a@b.example', '--teams', ''], { teams: [] }],
    [
      ['-u', 'a@b.example', '--scopes', 'tools.read,servers.use'],
      { scopes: { permissions: ['tools.read', 'servers.use'] } },
    ],
    [['-d', '{"sub":"a@b.example","token_use":"session"}'], { sub: 'a@b.example', token_use: 'session' }],
    [['-d', 'username=a@b.example,team=x=y'], { sub: 'a@b.example', username: 'a@b.example', team: 'x=y' }],
    [['-d', 'sub=other', '-u', 'a@b.example'], { sub: 'a@b.example' }],
  ])('takes %j', async (args, claims) => {
    expect(await created(...args)).toMatchObject(claims);
  });

  it('lets a token live as long as told', async () => {
    const { iat, exp } = await created('-u', 'ann', '-e', '5');
    expect(Number(exp) - Number(iat)).toBe(300);
    const { out, err } = await run(['create', '-u', 'ann', '-e', '0']);
    expect(claimsOf(out)).not.toHaveProperty('exp');
    expect(err).toBe('Warning: this token never expires, and REQUIRE_TOKEN_EXPIRATION refuses it\n');
    const lax = await run(['create', '-u', 'ann', '-e', '0'], { REQUIRE_TOKEN_EXPIRATION: 'false' });
    expect(lax.err).toBe('Warning: this token never expires\n');
  });

  it('shows the claims beside the token, never in its place', async () => {
    const { out, err } = await run(['create', '-u', 'ann', '--pretty']);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(err).toContain('  "sub": "ann"');
  });

  it.each<[string[], string | RegExp]>([
    [[], '--username is required'],
    [['-u', ''], 'sub must be a user'],
    [['-u', 'ann', '-e', '-1'], '--exp must be minutes'],
    [['-u', 'ann', '-e', '1h'], '--exp must be minutes'],
    [['-u', 'ann', '-d', '{"exp":1}'], '--data must not have "exp"'],
    [['-u', 'ann', '-d', '{"iss":"x"}'], '--data must not have "iss"'],
    [['-u', 'ann', '-d', '{"a":1,"a":2}'], '--data is not a JSON object'],
    [['-u', 'ann', '-d', 'garbage'], '--data must be a JSON object, or name=value'],
    [['-u', 'ann', '-d', '{"token_use":"refresh"}'], 'token_use must be session or api'],
    [['-u', 'ann', '--scopes', 'tools.fly'], '"tools.fly", which is no permission'],
    [['-u', 'ann', '--algo', 'none'], 'JWT_ALGORITHM must be one of'],
    [['-u', 'ann', '--algo', 'RS256'], 'JWT_PRIVATE_KEY_PATH is required'],
    [['-u', 'ann', '-s', 'my-test-key'], 'JWT_SECRET_KEY must have at least 32 characters'],
  ])('refuses %j and says why', async (args, why) => {
    await expect(run(['create', ...args])).rejects.toThrow(why);
  });

  it('refuses what it does not know', async () => {
    await expect(run(['create', '-u', 'ann', '--forever'])).rejects.toThrow(CommanderError);
  });

  it('signs with another secret or algorithm when told to', async () => {
    const secret = randomBytes(48).toString('base64url');
    const { out } = await run(['create', '-u', 'ann', '-s', secret, '--algo', 'HS512']);
    const hs512 = new Environment({ ...secrets, JWT_SECRET_KEY: secret, JWT_ALGORITHM: 'HS512' });
    expect((await tokenParts(hs512, {}).verifier.verify(out.trim())).sub).toBe('ann');
    const files = new KeyFiles();
    const keys = files.variables('ES256', pairFor('ES256'));
    const signed = await run(['create', '-u', 'ann'], keys);
    expect((await run(['decode', signed.out.trim()], keys)).err).toContain('hold');
    files.remove();
  });

  describe('where the database has a key of tokens', () => {
    const kidOf = (token: string): string =>
      JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
    const own = mkdtempSync(join(tmpdir(), 'portcullis-cli-keys-'));
    const variables = { DATA_DIR: own, JWT_KEY_LEAD_SECONDS: '0', JWT_KEY_GRACE_HOURS: '0' };
    afterAll(() => {
      Logger.overrideLogger(false);
      rmSync(own, { recursive: true });
    });

    it('signs with that, and knows its tokens', async () => {
      const { out: before } = await run(['create', '-u', 'ann'], variables);
      // A gateway was started meanwhile.
      writeFileSync(join(own, 'portcullis.db'), '');
      let printed = '';
      const stdout = { write: (text: string) => (printed += text) };
      const output = { stdout, stderr: { write: () => true } };
      await keysCommand(new Environment({ ...secrets, ...variables }), output).parseAsync(['rotate', '--jwt'], {
        from: 'user',
      });
      const { out } = await run(['create', '-u', 'ann'], variables);
      expect(kidOf(out)).toBe(printed.split(' ')[0]);
      expect((await run(['decode', out.trim()], variables)).err).toContain('Signature and claims hold');
      expect((await run(['decode', before.trim()], variables)).err).toContain('This gateway refuses it');
      // Who names a key gets that.
      const chosen = await run(['create', '-u', 'ann', '-s', SHARED_SECRET], variables);
      expect(kidOf(chosen.out)).toBe(kidOf(before));
    });

    it('signs nothing with another while that cannot be had', async () => {
      const stranger = { ...variables, AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('hex') };
      await expect(run(['create', '-u', 'ann'], stranger)).rejects.toThrow('cannot be opened');
    });
  });

  describe('decode', () => {
    it('prints the claims, and whether the gateway takes the token', async () => {
      const token = signedToken({ sub: 'ann@example.com' });
      const { out, err } = await run(['decode', token]);
      expect(JSON.parse(out)).toEqual(claimsOf(token));
      expect(err).toContain('Signature and claims hold');
      expect(await run(['create', '--decode', token])).toEqual({ out, err });
      expect((await run(['decode', '--pretty', token])).out).toContain('\n  "sub"');
    });

    it.each([
      [signedToken({}, { secret: 'x' }), 'This gateway refuses it: Invalid authentication credentials'],
      [signedToken({ exp: 1 }), 'This gateway refuses it: Token has expired'],
    ])('says when it does not', async (token, verdict) => {
      const { out, err } = await run(['decode', token]);
      expect(out).not.toBe('');
      expect(err).toBe(`${verdict}\n`);
    });

    it.each(['garbage', 'a.b.c', ''])('refuses "%s"', async (text) => {
      await expect(run(['decode', text])).rejects.toThrow('This is no signed token');
    });
  });
});
