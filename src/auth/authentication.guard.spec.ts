import { Controller, Get, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '../../test/fixtures/identity.js';
import { rawExchange } from '../../test/fixtures/raw-connection.js';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { seconds, signedToken } from '../../test/fixtures/signed-token.js';
import { SmallGate } from '../../test/fixtures/small-gate.js';
import { McpEndpoint, Public, Requires, SignedIn } from '../http/route-policy.js';
import { AuthSettings } from './auth.settings.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { AnonymousAccess } from './credentials/anonymous-access.js';
import { PossessionParts } from '../../test/fixtures/possession.js';
import { Possession } from './bound/possession.js';
import { BasicAccount } from './credentials/basic-account.js';
import { CredentialReader } from './credentials/credential-reader.js';
import { CredentialSettings } from './credentials/credential.settings.js';
import { NO_OAUTH } from '../../test/fixtures/no-oauth.js';
import { ProtectedResources } from './issuers/protected-resources.js';
import { PrincipalCache } from './principals/principal-cache.js';
import { User } from './accounts/user.entity.js';

@Controller()
class Rooms {
  @Get('open')
  @Public('a test')
  open(@Req() { context }: Request): object {
    return { subject: context.principal?.subject ?? 'nobody' };
  }

  @Get('mine')
  @SignedIn()
  mine(@Req() { context }: Request): object {
    return { subject: context.principal?.subject };
  }

  @Get('own-account')
  @SignedIn({ beforePasswordChange: true })
  ownAccount(@Req() { context }: Request): object {
    return { subject: context.principal?.subject, credential: context.credential };
  }

  @Get('tools')
  @Requires('tools.read')
  tools(): string {
    return 'tools';
  }

  @Post('mcp')
  @McpEndpoint()
  door(): string {
    return 'door';
  }

  @Get('forgotten')
  forgotten(): string {
    return 'nobody said who may come here';
  }
}

describe(AuthenticationGuard.name, () => {
  let identity: Identity;
  let gate: SmallGate;
  const good = signedToken({ sub: 'ann@example.com' });
  beforeAll(async () => {
    identity = await Identity.open();
    await identity.addUser('ann@example.com');
    const cache = new PrincipalCache(identity.resolver(), identity.bus, settingsOf(AuthSettings));
    gate = await SmallGate.start({
      controllers: [Rooms],
      providers: [
        { provide: PrincipalCache, useValue: cache },
        { provide: CredentialSettings, useValue: settingsOf(CredentialSettings) },
        AnonymousAccess,
        { provide: ProtectedResources, useValue: NO_OAUTH },
        { provide: Possession, useValue: new PossessionParts().possession },
        BasicAccount,
        CredentialReader,
      ],
      guards: [AuthenticationGuard],
    });
  });
  afterAll(async () => {
    await gate.stop();
    await identity.close();
  });

  const ask = (path: string, ...authorization: string[]): Promise<string> =>
    rawExchange(gate.url, [
      `GET ${path} HTTP/1.1`,
      'Host: localhost',
      ...authorization.map((value) => `Authorization: ${value}`),
      'Connection: close',
    ]);
  const codeOf = (answer: string): string => /"code":"(\w+)"/.exec(answer)?.[1] ?? answer.slice(9, 12);

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])(
    'takes a token after %s, first from the resolver, then known',
    async (scheme) => {
      for (let time = 0; time < 2; time += 1) {
        expect(await ask('/mine', `${scheme} ${good}`)).toContain('{"subject":"ann@example.com"}');
      }
      expect(await ask('/mine', `${scheme}   ${good}  `)).toContain('{"subject":"ann@example.com"}');
    },
  );

  it.each(['/mine', '/tools'])('asks for a token at %s', async (path) => {
    const answer = await ask(path);
    expect(answer).toMatch(/^HTTP\/1\.1 401 [^]*^WWW-Authenticate: Bearer\r$/m);
    expect(codeOf(answer)).toBe('authentication_required');
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    `Bearer\t${good}`,
    `Bearer${good}`,
    `Bearer: ${good}`,
    `Bearer ${good}, Bearer ${good}`,
    `Bearer ${good} ${good}`,
    `Bearer "${good}"`,
    `Token ${good}`,
    good,
    'Basic YWRtaW46Y2hhbmdlbWU=',
    `Basic ${good}`,
    'Negotiate abc',
  ])('does not take "%s"', async (header) => {
    const answer = await ask('/mine', header);
    expect(answer).toMatch(/^HTTP\/1\.1 401 [^]*^WWW-Authenticate: Bearer/m);
    expect(answer).not.toContain(good.slice(0, 20));
  });

  it('takes one header only, also when both are good', async () => {
    expect(codeOf(await ask('/mine', `Bearer ${good}`, 'Bearer x'))).toBe('bad_request');
    expect(codeOf(await ask('/mine', `Bearer ${good}`, `Bearer ${good}`))).toBe('bad_request');
  });

  it.each([
    ['invalid_token', signedToken({}, { secret: 'x' })],
    ['token_expired', signedToken({ exp: seconds(-1) })],
    ['user_not_found', signedToken({ sub: 'nobody@example.com' })],
  ])('says %s', async (code, token) => {
    for (const path of ['/mine', '/tools']) expect(codeOf(await ask(path, `Bearer ${token}`))).toBe(code);
  });

  it('takes a token from nowhere else', async () => {
    const elsewhere = [
      'Cookie: access_token=',
      'X-Authenticated-User: ',
      'Proxy-Authorization: Bearer ',
      'X-Authorization: Bearer ',
    ];
    for (const header of elsewhere) {
      const lines = [`GET /mine?access_token=${good}&token=${good} HTTP/1.1`, 'Host: localhost', `${header}${good}`];
      expect(codeOf(await rawExchange(gate.url, [...lines, 'Connection: close']))).toBe('authentication_required');
    }
  });

  it('takes the cookie of a browser, and says that it did', async () => {
    const lines = ['GET /own-account HTTP/1.1', 'Host: localhost', `Cookie: jwt_token=${good}`, 'Connection: close'];
    expect(codeOf(await rawExchange(gate.url, lines))).toBe('cookie_not_allowed');
    const answer = await rawExchange(gate.url, [...lines, 'Accept: text/html']);
    expect(answer).toContain('{"subject":"ann@example.com","credential":"cookie"}');
  });

  describe('of somebody who must change the password', () => {
    const bearer = (claims: object): string => `Bearer ${signedToken({ sub: 'late@example.com', ...claims })}`;
    const session = bearer({ token_use: 'session' });
    beforeAll(async () => {
      const late = await identity.addUser('late@example.com');
      await identity.database.getRepository(User).update({ id: late.id }, { passwordChangeRequired: true });
    });

    it('takes a session to the own account only', async () => {
      for (const path of ['/mine', '/tools', '/mine']) {
        const answer = await ask(path, session);
        expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*^X-Password-Change-Required: true\r$/m);
        expect(codeOf(answer)).toBe('password_change_required');
      }
      expect(await ask('/own-account', session)).toContain('"late@example.com"');
      expect(await ask('/open', session)).toContain('"nobody"');
    });

    it('takes other tokens anywhere', async () => {
      expect(await ask('/mine', bearer({}))).toContain('"late@example.com"');
    });
  });

  it('closes a route that carries no policy to everybody', async () => {
    for (const authorization of [[], [`Bearer ${good}`]]) {
      const answer = await ask('/forgotten', ...authorization);
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(codeOf(answer)).toBe('access_denied');
    }
  });

  it('lets everybody through a public route, as nobody, whatever they carry', async () => {
    for (const authorization of [[], ['Bearer nonsense'], [`Bearer ${good}`]]) {
      expect(await ask('/open', ...authorization)).toContain('{"subject":"nobody"}');
    }
  });

  it('guards MCP endpoints like any other', async () => {
    const lines = ['POST /mcp HTTP/1.1', 'Host: localhost', 'Content-Length: 0', 'Connection: close'];
    expect(codeOf(await rawExchange(gate.url, lines))).toBe('authentication_required');
    expect(codeOf(await rawExchange(gate.url, [...lines, `Authorization: Bearer ${good}`]))).toBe('201');
  });
});
