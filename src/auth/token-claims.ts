/** The claims of a verified token, as the contract names them; everything a stranger signed stays unknown. */
export interface TokenClaims {
  /** A user's id or e-mail. */
  readonly sub: string;
  readonly jti?: string;
  /** Seconds since 1970. */
  readonly exp?: number;
  readonly env?: string;
  /** `session`, `api`, or absent in tokens minted elsewhere. */
  readonly tokenUse?: string;
  /** Ids of teams; null and absent differ (docs/guides/access-control.md). */
  readonly teams: readonly string[] | null | undefined;
  readonly scopes?: TokenScopeClaim;
}

export interface TokenScopeClaim {
  readonly serverId?: string;
  readonly permissions: readonly string[];
  readonly ipRestrictions: readonly string[];
  readonly timeRules: readonly string[];
}

const RESTRICTIONS = new Set(['server_id', 'permissions', 'ip_restrictions', 'time_restrictions', 'usage_limits']);

/** Reads the claims of a payload whose signature holds; returns what is wrong with it as text. */
export function readClaims(payload: Readonly<Record<string, unknown>>): TokenClaims | string {
  const { sub, jti, exp, env, token_use: tokenUse } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) return 'sub must be a user';
  if (jti !== undefined && (typeof jti !== 'string' || jti === '' || jti.length > 64)) return 'jti must be text';
  if (exp !== undefined && !Number.isSafeInteger(exp)) return 'exp must be whole seconds';
  if (env !== undefined && typeof env !== 'string') return 'env must be text';
  if (tokenUse !== undefined && typeof tokenUse !== 'string') return 'token_use must be text';
  const teams = readTeams(payload['teams']);
  if (teams === 'malformed') return 'malformed teams field';
  const scopes =
    payload['scopes'] === undefined || payload['scopes'] === null ? undefined : readScopes(payload['scopes']);
  if (scopes === 'malformed') return 'malformed scopes field';
  return {
    sub,
    teams,
    ...(typeof jti === 'string' && { jti }),
    ...(typeof exp === 'number' && { exp }),
    ...(typeof env === 'string' && { env }),
    ...(typeof tokenUse === 'string' && { tokenUse }),
    ...(scopes && { scopes }),
  };
}

function readTeams(value: unknown): readonly string[] | null | undefined | 'malformed' {
  if (value === undefined || value === null) return value;
  if (!Array.isArray(value) || value.length > 200) return 'malformed';
  const ids = value.map((team: unknown) => (isRecord(team) ? team['id'] : team));
  return ids.every((id) => typeof id === 'string' && id !== '' && id === id.trim()) ? (ids as string[]) : 'malformed';
}

/** A restriction this build doesn't know must not be read as "no restriction". */
function readScopes(value: unknown): TokenScopeClaim | 'malformed' {
  if (!isRecord(value) || Object.keys(value).some((key) => !RESTRICTIONS.has(key))) return 'malformed';
  const {
    server_id: serverId = null,
    permissions = [],
    ip_restrictions: addresses = [],
    time_restrictions: times = {},
  } = value;
  const { usage_limits: limits = {} } = value;
  if (serverId !== null && typeof serverId !== 'string') return 'malformed';
  if (!isTextList(permissions) || !isTextList(addresses)) return 'malformed';
  if (!isRecord(times ?? {}) || Object.keys(limits ?? {}).length > 0) return 'malformed';
  const timeRules = Object.entries(times ?? {}).filter(([, on]) => on !== false);
  return {
    permissions,
    ipRestrictions: addresses,
    timeRules: timeRules.map(([rule]) => rule),
    ...(serverId !== null && { serverId }),
  };
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= 200 && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
