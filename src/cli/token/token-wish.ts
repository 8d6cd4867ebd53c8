import { expandPermissions } from '#libs/policy';
import { isJsonObject, parseBounded } from '#libs/mcp';
import { readClaims } from '../../auth/jwt/token-claims.js';

/** The options of `portcullis token create` that make claims, as they were typed. */
export interface TokenOptions {
  readonly username?: string;
  readonly data?: string;
  readonly exp?: string;
  readonly admin?: boolean;
  readonly teams?: string;
  readonly scopes?: string;
  readonly fullName?: string;
}

/** What to sign. */
export interface TokenWish {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Undefined for a token that never expires. */
  readonly seconds: number | undefined;
}

const LONGEST_MINUTES = 5_256_000;
const DEEPEST = 8;
const ISSUERS_OWN = ['iss', 'aud', 'iat', 'exp', 'jti', 'env'];

/**
 * @param defaultMinutes how long a token lives when the options do not say
 * @throws Error that names the option
 */
export function tokenWish(options: TokenOptions, defaultMinutes: number): TokenWish {
  const { sub, ...data } = options.data === undefined ? {} : claimsIn(options.data);
  const own = ISSUERS_OWN.find((name) => Object.hasOwn(data, name));
  if (own)
    throw new Error(`--data must not have "${own}": every token gets its own${own === 'exp' ? '; use --exp' : ''}`);
  const subject = options.username ?? sub ?? data['username'];
  if (typeof subject !== 'string') throw new Error('--username is required: the e-mail or the id of a user');
  const claims = { ...data, username: subject, ...claimsOfFlags(options) };
  // What the gateway would refuse is not worth signing.
  const read = readClaims({ ...claims, sub: subject });
  if (typeof read === 'string') throw new Error(`The token would be refused: ${read}`);
  const minutes = options.exp === undefined ? defaultMinutes : minutesIn(options.exp);
  return { subject, claims, seconds: minutes === 0 ? undefined : minutes * 60 };
}

function claimsOfFlags({ admin = false, teams, scopes, fullName, username }: TokenOptions): Record<string, unknown> {
  const user = {
    ...(username !== undefined && { email: username }),
    full_name: fullName ?? '',
    is_admin: admin,
    auth_provider: 'cli',
  };
  return {
    ...((admin || fullName !== undefined) && { user }),
    ...(admin && { is_admin: true, teams: null }),
    ...(teams !== undefined && { teams: wordsIn(teams) }),
    ...(scopes !== undefined && { scopes: { server_id: null, permissions: permissionsIn(scopes) } }),
  };
}

function claimsIn(text: string): Readonly<Record<string, unknown>> {
  if (!text.trimStart().startsWith('{')) return Object.fromEntries(wordsIn(text).map(pairIn));
  const json = parseBounded(Buffer.from(text), DEEPEST);
  if (typeof json === 'string' || !isJsonObject(json.value)) throw new Error('--data is not a JSON object');
  return json.value;
}

function pairIn(text: string): [string, string] {
  const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new Error('--data must be a JSON object, or name=value, several separated by commas');
  return [name, value];
}

function permissionsIn(text: string): string[] {
  const permissions = wordsIn(text);
  const unknown = permissions.find((pattern) => expandPermissions([pattern]).size === 0);
  if (unknown !== undefined) throw new Error(`--scopes has "${unknown}", which is no permission`);
  return permissions;
}

function minutesIn(text: string): number {
  const minutes = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(minutes <= LONGEST_MINUTES)) throw new Error(`--exp must be minutes, from 0 (never) to ${LONGEST_MINUTES}`);
  return minutes;
}

const wordsIn = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
