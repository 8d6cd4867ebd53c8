import { Injectable } from '@nestjs/common';
import { compileNetworks, expandPermissions, type Principal } from '#libs/policy';
import { createHash, randomUUID } from 'node:crypto';
import { AuthSettings } from '../auth/auth.settings.js';
import { TokenIssuer } from '../auth/token-issuer.js';
import { TokenRevocations } from '../auth/token-revocations.js';
import { isUniqueViolation } from '../database/unique-violation.js';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository } from './api-token.repository.js';
import type { CreateApiTokenDto, ListApiTokensDto, TokenScopeDto } from './dto/api-token.dto.js';

const DAY_SECONDS = 86_400;

/** The caller's own API tokens. Only a session may manage them, so that no token can make another. */
@Injectable()
export class ApiTokenService {
  constructor(
    private readonly tokens: ApiTokenRepository,
    private readonly issuer: TokenIssuer,
    private readonly revocations: TokenRevocations,
    private readonly settings: AuthSettings,
  ) {}

  async create(caller: Principal, wish: CreateApiTokenDto): Promise<{ row: ApiToken; token: string }> {
    const userId = ownerOf(caller);
    const scope = wish.scope ?? {};
    assertWhole(caller);
    assertContained(caller, scope);
    const days = wish.expires_in_days ?? undefined;
    const seconds = days === undefined ? undefined : days * DAY_SECONDS;
    if (seconds === undefined && this.settings.requireExpiration) {
      throw new GatewayError(
        'bad_request',
        'expires_in_days: Token expiration is required by server policy (REQUIRE_TOKEN_EXPIRATION=true)',
      );
    }
    const jti = randomUUID();
    const token = await this.issuer.sign(userId, jti, { token_use: 'api' }, seconds);
    const createdAt = new Date();
    const row: ApiToken = {
      id: randomUUID().replaceAll('-', ''),
      userId,
      jti,
      name: wish.name,
      tokenHash: createHash('sha256').update(token).digest('hex'),
      teamId: null,
      serverId: scope.server_id ? normaliseId(scope.server_id) : null,
      permissions: scope.permissions ?? [],
      ipRestrictions: scope.ip_restrictions ?? [],
      timeRestrictions: givenRules(scope),
      description: wish.description ?? null,
      tags: wish.tags ?? [],
      createdAt,
      expiresAt: seconds === undefined ? null : new Date(createdAt.getTime() + seconds * 1000),
      isActive: true,
      createdBy: null,
      usageLimits: null,
      maxUses: null,
      uses: 0,
      lastUsed: null,
    };
    await this.#insert(row);
    return { row, token };
  }

  list(caller: Principal, filter: ListApiTokensDto): Promise<[ApiToken[], number]> {
    const { include_inactive: includeInactive, limit, offset } = filter;
    return this.tokens.page(ownerOf(caller), { includeInactive, limit, offset });
  }

  async get(caller: Principal, id: string): Promise<ApiToken> {
    const row = await this.tokens.own(ownerOf(caller), normaliseId(id));
    if (!row) throw new GatewayError('not_found', 'Token not found');
    return row;
  }

  async revoke(caller: Principal, id: string, reason: string | undefined): Promise<void> {
    const { id: tokenId, jti, expiresAt: tokenExpiry } = await this.get(caller, id);
    // First what every cache obeys: should the second write fail, the token is dead all the same.
    await this.revocations.revoke({ jti, revokedBy: caller.subject, reason: reason ?? null, tokenExpiry });
    await this.tokens.deactivate(tokenId);
  }

  async #insert(row: ApiToken): Promise<void> {
    try {
      await this.tokens.insert(row);
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'name: A token with this name already exists');
      throw error;
    }
  }
}

function ownerOf(caller: Principal): string {
  if (caller.kind !== 'session') throw new GatewayError('session_required');
  if (caller.userId === null)
    throw new GatewayError('access_denied', 'The caller has no account in the database', 'no_account');
  return caller.userId;
}

/** Members that were sent as null restrict nothing and are not kept. */
function givenRules({ time_restrictions: times }: TokenScopeDto): Record<string, boolean> {
  return Object.fromEntries(Object.entries(times ?? {}).filter(([, on]) => typeof on === 'boolean'));
}

/** What a token may do, it may do as its user: a session that was given less than that must not get it back so. */
function assertWhole({ teams, grants, restrictions }: Principal): void {
  const { serverId, permissions, networks, timeRules } = restrictions;
  const capped = permissions !== undefined && [...grants].some((permission) => !permissions.has(permission));
  const narrowed = teams.kind === 'public' || (teams.kind === 'teams' && teams.narrowed);
  if (narrowed || capped || serverId !== undefined || networks || timeRules.length > 0)
    throw new GatewayError('access_denied', 'A session that is itself restricted cannot create tokens', 'narrowed');
}

/** A token never holds more than the one who makes it. */
function assertContained(caller: Principal, scope: TokenScopeDto): void {
  const asked = scope.permissions ?? [];
  const unknown = asked.find((pattern) => expandPermissions([pattern]).size === 0);
  if (unknown !== undefined)
    throw new GatewayError('bad_request', `scope.permissions: "${unknown}" is not a permission`);
  const missing = [...expandPermissions(asked)].find((permission) => !caller.grants.has(permission));
  if (missing !== undefined) {
    throw new GatewayError(
      'bad_request',
      `scope.permissions: Cannot grant permission '${missing}' - not in your effective permissions.`,
    );
  }
  try {
    compileNetworks(scope.ip_restrictions ?? []);
  } catch (error) {
    throw new GatewayError('bad_request', `scope.ip_restrictions: ${(error as RangeError).message}`);
  }
}
