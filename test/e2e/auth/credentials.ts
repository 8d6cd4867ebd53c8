import { randomBytes, randomUUID } from 'node:crypto';
import { ADMIN } from '../../fixtures/running-gateway.js';
import { seconds, signedToken } from '../../fixtures/signed-token.js';
import type { Headers } from './doors.js';
import type { House, Person } from './house.js';

/** Of a key or a certificate that nobody shows. */
const THUMBPRINT = 'A'.repeat(43);

type Credentials = Readonly<Record<string, Headers>>;

export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
/** As a browser asks for a page. */
export const cookie = (token: string): Headers => ({ cookie: `jwt_token=${token}`, accept: 'text/html' });
export const basic = (user: string, password: string): Headers => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
export const proxied = (email: string): Headers => ({ 'x-authenticated-user': email });

/** The same token with another first character of its signature. */
export function damaged(token: string): string {
  const at = token.lastIndexOf('.') + 1;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

/** Sound but for one thing, signed with our own key where that is not the thing. */
function almost(kind: string, claims: object): Record<string, string> {
  const sign = (more: object, how = {}): string => signedToken({ ...claims, ...more }, how);
  return {
    [`${kind}, expired`]: sign({ exp: seconds(-1) }),
    [`${kind}, of another issuer`]: sign({ iss: 'somebody-else' }),
    [`${kind}, for another audience`]: sign({ aud: 'somebody-else' }),
    [`${kind}, for two audiences`]: sign({ aud: ['mcpgateway-api', 'somebody-else'] }),
    [`${kind}, of another environment`]: sign({ env: 'staging' }),
    [`${kind}, by another key`]: sign({}, { secret: randomBytes(32).toString('base64url') }),
    [`${kind}, by HS512`]: sign({}, { header: { alg: 'HS512', typ: 'JWT' }, hash: 'sha512' }),
    [`${kind}, by none`]: sign({}, { header: { alg: 'none', typ: 'JWT' }, hash: undefined }),
    [`${kind}, that says HS512`]: sign({}, { header: { alg: 'HS512', typ: 'JWT' } }),
    [`${kind}, of nobody`]: sign({ sub: 'nobody@example.com' }),
    [`${kind}, without a jti`]: sign({ jti: undefined }),
  };
}

/** Session tokens by what has become of them. */
export async function sessions(house: House): Promise<Record<string, string>> {
  const [ann, out, renewed, disabled, gone, leaver] = await people(house, 6);
  await house.logOut(out.session);
  await house.refresh(renewed.session);
  await house.disable(disabled);
  await house.remove(gone);
  await house.join('the crew', leaver);
  await house.leave('the crew', leaver);
  return {
    'session of the administrator': house.running.session,
    'session of a member': ann.session,
    'session of a member, of a team that was left': signedToken({
      token_use: 'session',
      sub: leaver.id,
      teams: ['the crew'],
    }),
    'session, damaged': damaged(ann.session),
    'session, signed out': out.session,
    'session, exchanged': renewed.session,
    'session, of somebody disabled': disabled.session,
    'session, of somebody deleted': gone.session,
    'session, of somebody disabled, without a row': signedToken({ token_use: 'session', sub: disabled.id }),
    'session, not in the database': signedToken({ token_use: 'session', sid: randomUUID(), sub: ann.id }),
    ...almost('session', { token_use: 'session' }),
  };
}

/** API tokens by what has become of them. */
export async function apiTokens(house: House): Promise<Record<string, string>> {
  const [ann, disabled, gone, leaver] = await people(house, 4);
  const [mine, expired, revoked, off] = await Promise.all(Array.from({ length: 4 }, () => house.mint(ann.session)));
  await house.join('the band', leaver);
  if (!mine || !expired || !revoked || !off) throw new Error('not minted');
  const [ofDisabled, ofGone] = [await house.mint(disabled.session), await house.mint(gone.session)];
  const ofTeam = await house.mint(leaver.session, { team_id: 'the band' });
  await house.letExpire(expired.id);
  await house.revoke(ann.session, revoked.id);
  await house.switchOff(ann.session, off.id);
  await house.disable(disabled);
  await house.remove(gone);
  await house.leave('the band', leaver);
  const scope = { permissions: ['tools.read'] };
  const { jti } = JSON.parse(Buffer.from(mine.text.split('.')[1] ?? '', 'base64url').toString());
  return {
    'API token of the administrator': (await house.mint(house.running.session)).text,
    'API token of a member': mine.text,
    'API token for tools.read alone': (await house.mint(house.running.session, { scope })).text,
    'API token, bound to a key': (await house.mint(ann.session, { dpop_jkt: THUMBPRINT })).text,
    'API token, damaged': damaged(mine.text),
    'API token, past its day': expired.text,
    'API token, revoked': revoked.text,
    'API token, switched off': off.text,
    'API token, of somebody disabled': ofDisabled.text,
    'API token, of somebody deleted': ofGone.text,
    'API token, of a team that was left': ofTeam.text,
    'API token, written anew': signedToken({ token_use: 'api', jti, sub: ADMIN.email, teams: null }),
    'API token, not in the catalogue': signedToken({ token_use: 'api', sub: ann.id }),
    ...almost('API token', { token_use: 'api', jti, sub: ann.id }),
  };
}

/** Tokens that somebody else signed with our key. */
export async function foreignTokens(house: House): Promise<Record<string, string>> {
  const [ann, disabled, gone, leaver] = await people(house, 4);
  await house.disable(disabled);
  await house.remove(gone);
  const jti = randomUUID();
  await house.revokeForeign(jti);
  return {
    'foreign token of the administrator': signedToken({ teams: null }),
    'foreign token of the administrator, without teams': signedToken(),
    'foreign token of a member': signedToken({ sub: ann.id }),
    'foreign token, bound to a key': signedToken({ cnf: { jkt: THUMBPRINT } }),
    'foreign token, bound to a certificate': signedToken({ cnf: { 'x5t#S256': THUMBPRINT } }),
    'foreign token, bound to nobody knows what': signedToken({ cnf: { kid: 'x' } }),
    'foreign token, damaged': damaged(signedToken()),
    'foreign token, revoked': signedToken({ jti }),
    'foreign token, of somebody disabled': signedToken({ sub: disabled.id }),
    'foreign token, of somebody deleted': signedToken({ sub: gone.id }),
    'foreign token, of a team that was left': signedToken({ sub: leaver.id, teams: ['the crew'] }),
    ...almost('foreign token', { teams: null }),
  };
}

/** What is no bearer token of ours at all. */
export function strays(house: House, basicPassword: string): Credentials {
  const { session } = house.running;
  return {
    nothing: {},
    'random bearer': bearer(randomBytes(32).toString('base64url')),
    'random bearer of three parts': bearer(
      Array.from({ length: 3 }, () => randomBytes(24).toString('base64url')).join('.'),
    ),
    'empty bearer': { authorization: 'Bearer ' },
    'empty header': { authorization: '' },
    'unknown scheme': { authorization: `Token ${session}` },
    'session without its scheme': { authorization: session },
    Basic: basic('admin', basicPassword),
    'Basic, wrong': basic('admin', 'wrong'),
    'Basic, e-mail and password': basic(ADMIN.email, ADMIN.password),
    'Basic, garbage': { authorization: 'Basic %%%' },
    'cookie outside of a browser': { cookie: `jwt_token=${session}` },
    'cookie that comes twice': { cookie: `jwt_token=${session}; jwt_token=${session}`, accept: 'text/html' },
    'empty cookie': cookie(''),
    'cookie beside a random bearer': { ...cookie(session), ...bearer('random') },
    'token in Proxy-Authorization': { 'proxy-authorization': `Bearer ${session}` },
    'name by a proxy': proxied(ADMIN.email),
    'name by a proxy beside a random bearer': { ...proxied(ADMIN.email), ...bearer('random') },
  };
}

async function people<N extends number>(house: House, count: N): Promise<Tuple<N>> {
  const found: Person[] = [];
  while (found.length < count) found.push(await house.person());
  return found as Tuple<N>;
}

/** As many people as were asked for. */
type Tuple<N extends number, T extends Person[] = []> = T['length'] extends N ? T : Tuple<N, [...T, Person]>;
