import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN } from '../../fixtures/running-gateway.js';
import { apiTokens, bearer, basic, cookie, foreignTokens, proxied, sessions, strays } from './credentials.js';
import { DOORS, type Headers } from './doors.js';
import { House } from './house.js';
import { type Rule, rulesOf, toldBy, type Verdict } from './rule-table.js';

const BASIC_PASSWORD = randomBytes(32).toString('base64url');

const SESSIONS = rulesOf(`
                                                        | read     own      tokens   mint     admin    docs     mcp
  session of the administrator                          | ok
  session of a member                                   | ok       ok       ok       ok       denied   ok       ok
  session of a member, of a team that was left          | ok       ok       ok       confined denied   ok       ok
  session, damaged                                      | invalid
  session, signed out                                   | revoked
  session, exchanged                                    | revoked
  session, of somebody disabled                         | ended
  session, of somebody disabled, without a row          | disabled
  session, of somebody deleted                          | ended
  session, not in the database                          | ended
  session, expired                                      | expired
  session, of another issuer                            | invalid
  session, for another audience                         | invalid
  session, for two audiences                            | alone
  session, of another environment                       | invalid
  session, by another key                               | invalid
  session, by HS512                                     | invalid
  session, that says HS512                              | invalid
  session, by none                                      | invalid
  session, of nobody                                    | unknown
  session, without a jti                                | no-jti
`);

const API_TOKENS = rulesOf(`
                                                        | read     own      tokens   mint     admin    docs     mcp
  API token of the administrator                        | ok       ok       session  session  ok       ok       ok
  API token of a member                                 | ok       ok       session  session  denied   ok       ok
  API token for tools.read alone                        | ok       denied   denied   denied   denied   denied   ok
  API token, bound to a key                             | bound
  API token, damaged                                    | invalid
  API token, past its day                               | api-expired
  API token, revoked                                    | revoked
  API token, switched off                               | api-off
  API token, of somebody disabled                       | disabled
  API token, of somebody deleted                        | revoked
  API token, of a team that was left                    | left
  API token, written anew                               | invalid
  API token, not in the catalogue                       | revoked
  API token, expired                                    | expired
  API token, of another issuer                          | invalid
  API token, for another audience                       | invalid
  API token, for two audiences                          | alone
  API token, of another environment                     | invalid
  API token, by another key                             | invalid
  API token, by HS512                                   | invalid
  API token, that says HS512                            | invalid
  API token, by none                                    | invalid
  API token, of nobody                                  | invalid
  API token, without a jti                              | no-jti
`);

const FOREIGN_TOKENS = rulesOf(`
                                                        | read     own      tokens   mint     admin    docs     mcp
  foreign token of the administrator                    | ok       ok       session  session  ok       ok       ok
  foreign token of the administrator, without teams     | ok       ok       session  session  denied   ok       ok
  foreign token of a member                             | ok       ok       session  session  denied   ok       ok
  foreign token, bound to a key                         | bound
  foreign token, bound to a certificate                 | unshown
  foreign token, bound to nobody knows what             | no-binding
  foreign token, damaged                                | invalid
  foreign token, revoked                                | revoked
  foreign token, of somebody disabled                   | disabled
  foreign token, of somebody deleted                    | unknown
  foreign token, of a team that was left                | left
  foreign token, expired                                | expired
  foreign token, of another issuer                      | invalid
  foreign token, for another audience                   | invalid
  foreign token, for two audiences                      | alone
  foreign token, of another environment                 | invalid
  foreign token, by another key                         | invalid
  foreign token, by HS512                               | invalid
  foreign token, that says HS512                        | invalid
  foreign token, by none                                | invalid
  foreign token, of nobody                              | unknown
  foreign token, without a jti                          | no-jti
`);

/** Bad credentials, whatever the settings. */
const STRAYS = rulesOf(`
                                                        | read     own      tokens   mint     admin    docs     mcp
  random bearer                                         | invalid
  random bearer of three parts                          | invalid
  empty bearer                                          | invalid
  empty header                                          | invalid
  unknown scheme                                        | invalid
  session without its scheme                            | invalid
  cookie outside of a browser                           | no-cookie
  cookie that comes twice                               | invalid  invalid  invalid  invalid  invalid  invalid  no-cookie
  empty cookie                                          | invalid  invalid  invalid  invalid  invalid  invalid  no-cookie
  cookie beside a random bearer                         | invalid
  name by a proxy beside a random bearer                | invalid
`);

const NOBODY = rulesOf(`
                                                        | read     own      tokens   mint     admin    docs     mcp
  nothing                                               | nothing
  token in Proxy-Authorization                          | nothing
  name by a proxy                                       | nothing
`);

const NOBODY_LET_IN = rulesOf(`
                                                        | read     own      tokens   mint     admin    docs     mcp
  nothing                                               | ok       nothing  nothing  nothing  nothing  nothing  ok
  token in Proxy-Authorization                          | ok       nothing  nothing  nothing  nothing  nothing  ok
  name by a proxy                                       | ok       nothing  nothing  nothing  nothing  nothing  ok
`);

const BASIC_OFF = rulesOf(`
                                                        | read     own      tokens   mint     admin    docs       mcp
  Basic                                                 | no-basic no-basic no-basic no-basic no-basic docs-basic mcp-basic
  Basic, wrong                                          | no-basic no-basic no-basic no-basic no-basic docs-basic mcp-basic
`);

const BASIC_ON = rulesOf(`
                                                        | read     own      tokens   mint     admin    docs       mcp
  Basic                                                 | ok       ok       session  session  ok       ok         mcp-basic
  Basic, wrong                                          | wrong    wrong    wrong    wrong    wrong    wrong      mcp-basic
  Basic, e-mail and password                            | wrong    wrong    wrong    wrong    wrong    wrong      mcp-basic
  Basic, garbage                                        | wrong    wrong    wrong    wrong    wrong    wrong      mcp-basic
  nothing                                               | nothing  nothing  nothing  nothing  nothing  asked      nothing
  random bearer                                         | invalid
  session of the administrator                          | ok
`);

const PROXY = rulesOf(`
                                                        | read     own      tokens   mint     admin    docs     mcp
  name of the administrator                             | ok       ok       session  session  ok       ok       ok
  name of a member                                      | ok       ok       session  session  denied   ok       ok
  name of somebody disabled                             | disabled
  name of somebody deleted                              | unknown
  name of nobody                                        | unknown
  name that is none                                     | unknown
  nothing                                               | no-name
  empty name                                            | no-name
  name by a proxy beside a random bearer                | invalid
  random bearer                                         | invalid
  Basic                                                 | no-basic no-basic no-basic no-basic no-basic docs-basic mcp-basic
  session of the administrator                          | ok
`);

/** A cookie is a session that MCP does not know, and that writes only with proof that no foreign page made it. */
const COOKIES = SESSIONS.map(({ credential, verdicts }): Rule => {
  const mint: Verdict =
    verdicts['mint'] === 'ok' || verdicts['mint'] === 'confined' ? 'csrf' : (verdicts['mint'] ?? 'ok');
  return { credential, verdicts: { ...verdicts, mint, mcp: 'no-cookie' } };
});

/** Asserts that every door of every column answers as the rule has it; health is for everybody. */
async function holds(house: House, { credential, verdicts }: Rule, headers: Headers | undefined): Promise<void> {
  if (!headers) throw new Error(`nobody has: ${credential}`);
  for (const [column, verdict] of Object.entries({ ...verdicts, open: 'ok' as const })) {
    const told = await house.at(column, headers);
    const where = { credential, column };
    if (verdict !== 'ok') expect({ ...where, told }).toEqual({ ...where, told: told.map(() => toldBy(verdict)) });
    else
      for (const { status, code } of told)
        expect({ ...where, code, good: status < 300 }).toEqual({ ...where, code: null, good: true });
  }
}

const as = (dress: (token: string) => Headers, tokens: Readonly<Record<string, string>>): Record<string, Headers> =>
  Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, dress(token)]));

describe.each([
  ['callers need a credential', {}, NOBODY],
  ['strangers are let in', { AUTH_REQUIRED: 'false', MCP_REQUIRE_AUTH: 'false' }, NOBODY_LET_IN],
])('where %s', (_, variables, nobody) => {
  let house: House;
  let known: Record<'sessions' | 'apiTokens' | 'foreignTokens', Record<string, string>>;
  beforeAll(async () => {
    house = await House.open(variables);
    known = {
      sessions: await sessions(house),
      apiTokens: await apiTokens(house),
      foreignTokens: await foreignTokens(house),
    };
  });
  afterAll(() => house.running.stop());

  it.each(SESSIONS)('$credential', (rule) => holds(house, rule, as(bearer, known.sessions)[rule.credential]));
  it.each(COOKIES)('cookie: $credential', (rule) => holds(house, rule, as(cookie, known.sessions)[rule.credential]));
  it.each(API_TOKENS)('$credential', (rule) => holds(house, rule, as(bearer, known.apiTokens)[rule.credential]));
  it.each(FOREIGN_TOKENS)('$credential', (rule) =>
    holds(house, rule, as(bearer, known.foreignTokens)[rule.credential]),
  );
  it.each([...STRAYS, ...BASIC_OFF, ...nobody])('$credential', (rule) =>
    holds(house, rule, strays(house, BASIC_PASSWORD)[rule.credential]),
  );

  it('leaves no door out', () => {
    const columns = new Set([...Object.keys(SESSIONS[0]?.verdicts ?? {}), 'open']);
    expect(columns).toEqual(new Set(Object.keys(DOORS)));
    for (const [rules, kind] of [
      [SESSIONS, known.sessions],
      [API_TOKENS, known.apiTokens],
      [FOREIGN_TOKENS, known.foreignTokens],
    ] as const)
      expect(new Set(rules.map(({ credential }) => credential))).toEqual(new Set(Object.keys(kind)));
  });
});

describe('where HTTP Basic is on', () => {
  let house: House;
  beforeAll(async () => {
    const variables = { API_ALLOW_BASIC_AUTH: 'true', DOCS_ALLOW_BASIC_AUTH: 'true' };
    house = await House.open({ ...variables, BASIC_AUTH_PASSWORD: BASIC_PASSWORD });
  });
  afterAll(() => house.running.stop());

  it.each(BASIC_ON)('$credential', (rule) => {
    const session = { 'session of the administrator': bearer(house.running.session) };
    return holds(house, rule, { ...strays(house, BASIC_PASSWORD), ...session }[rule.credential]);
  });
});

describe('where a proxy knows the callers', () => {
  let house: House;
  let names: Record<string, Headers>;
  beforeAll(async () => {
    const variables = { MCP_CLIENT_AUTH_ENABLED: 'false', TRUST_PROXY_AUTH: 'true', TRUSTED_PROXIES: '127.0.0.0/8' };
    house = await House.open(variables);
    const [ann, disabled, gone] = [await house.person(), await house.person(), await house.person()];
    await house.disable(disabled);
    await house.remove(gone);
    names = {
      ...strays(house, BASIC_PASSWORD),
      'session of the administrator': bearer(house.running.session),
      'name of the administrator': proxied(ADMIN.email),
      'name of a member': proxied(ann.email),
      'name of somebody disabled': proxied(disabled.email),
      'name of somebody deleted': proxied(gone.email),
      'name of nobody': proxied('nobody@example.com'),
      'name that is none': proxied(randomBytes(24).toString('base64url')),
      'empty name': proxied(''),
    };
  });
  afterAll(() => house.running.stop());

  it.each(PROXY)('$credential', (rule) => holds(house, rule, names[rule.credential]));
});

it('lets nobody in by HTTP Basic once the account it stands for is disabled', async () => {
  const house = await House.open({ API_ALLOW_BASIC_AUTH: 'true', BASIC_AUTH_PASSWORD: BASIC_PASSWORD });
  const right = basic('admin', BASIC_PASSWORD);
  try {
    expect((await house.at('read', right))[0]?.status).toBe(200);
    await house.replaceTheAdministrator();
    expect(await house.at('read', right)).toEqual([toldBy('disabled')]);
  } finally {
    await house.running.stop();
  }
});
