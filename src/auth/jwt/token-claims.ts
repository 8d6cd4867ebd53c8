import { normaliseId } from '../../http/normalise-id.js';
import type { TokenBinding, WrittenRestrictions } from '#libs/policy';
import { readBinding } from '../bound/read-binding.js';

/** The claims of a verified token, as the contract names them; everything a stranger signed stays unknown. */
export interface TokenClaims {
  /** A user's id or e-mail. */
  readonly sub: string;
  readonly jti?: string;
  /** Seconds since 1970, as `exp`. */
  readonly iat?: number;
  readonly exp?: number;
  readonly env?: string;
  /** The session of a session token of ours. */
  readonly sid?: string;
  /** Absent in tokens minted elsewhere. */
  readonly tokenUse?: 'session' | 'api';
  /** Ids of teams; null and absent differ (docs/guides/access-control.md). */
  readonly teams: readonly string[] | null | undefined;
  readonly scopes?: WrittenRestrictions;
  readonly binding?: TokenBinding;
}

const MOST_ENTRIES = 200;
const SUBJECT = /^[^\p{Cc}]{1,191}$/u;
const JTI = /^[\x21-\x7e]{1,64}$/;
const INSTANTS = ['iat', 'nbf', 'exp'] as const;
const RESTRICTIONS = new Set(['server_id', 'permissions', 'ip_restrictions', 'time_restrictions', 'usage_limits']);

/** Reads the claims of a payload whose signature holds; returns what is wrong with it as text. */
export function readClaims(payload: Readonly<Record<string, unknown>>): TokenClaims | string {
  const { sub, jti, iat, exp, env, sid, token_use: tokenUse } = payload;
  if (typeof sub !== 'string' || !SUBJECT.test(sub)) return 'sub must be a user';
  if (jti !== undefined && (typeof jti !== 'string' || !JTI.test(jti))) return 'jti must be text';
  const instant = INSTANTS.find((name) => payload[name] !== undefined && !isInstant(payload[name]));
  if (instant) return `${instant} must be whole seconds`;
  if (env !== undefined && typeof env !== 'string') return 'env must be text';
  if (sid !== undefined && (typeof sid !== 'string' || !JTI.test(sid))) return 'sid must be text';
  // A token for something else must not open the gate.
  if (tokenUse !== undefined && tokenUse !== 'session' && tokenUse !== 'api') return 'token_use must be session or api';
  const teams = readTeams(payload['teams']);
  if (teams === 'malformed') return 'malformed teams field';
  const scopes = readScopes(payload['scopes']);
  if (scopes === 'malformed') return 'malformed scopes field';
  const binding = readBinding(payload['cnf']);
  if (typeof binding === 'string') return binding;
  return {
    sub,
    teams,
    ...(typeof jti === 'string' && { jti }),
    ...(isInstant(iat) && { iat }),
    ...(isInstant(exp) && { exp }),
    ...(typeof env === 'string' && { env }),
    ...(typeof sid === 'string' && { sid }),
    ...(tokenUse !== undefined && { tokenUse }),
    ...(scopes && { scopes }),
    ...(binding && { binding }),
  };
}

function readTeams(value: unknown): readonly string[] | null | undefined | 'malformed' {
  if (value === undefined || value === null) return value;
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) return 'malformed';
  const ids = value.map((team: unknown) => (isRecord(team) ? team['id'] : team));
  const sound = ids.every((id): id is string => typeof id === 'string' && id !== '' && id === id.trim());
  return sound ? ids.map(normaliseId) : 'malformed';
}

/** A restriction this build doesn't know must not be read as "no restriction". */
function readScopes(value: unknown): WrittenRestrictions | 'malformed' | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value) || Object.keys(value).some((key) => !RESTRICTIONS.has(key))) return 'malformed';
  const { server_id: serverId = null, permissions = [], ip_restrictions: ipRestrictions = [] } = value;
  const times = value['time_restrictions'] ?? {};
  const limits = value['usage_limits'] ?? {};
  if (serverId !== null && (typeof serverId !== 'string' || serverId === '')) return 'malformed';
  if (!isTextList(permissions) || !isTextList(ipRestrictions)) return 'malformed';
  if (!isRecord(times) || !isRecord(limits) || Object.keys(limits).length > 0) return 'malformed';
  const timeRules = Object.keys(times).filter((rule) => times[rule] !== false);
  return { serverId, permissions, ipRestrictions, timeRules };
}

function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MOST_ENTRIES && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
