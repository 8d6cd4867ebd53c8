import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { createHash, randomUUID } from 'node:crypto';
import { AuthSettings } from '../auth/auth.settings.js';
import { TokenIssuer } from '../auth/jwt/token-issuer.js';
import { TokenRevocations } from '../auth/jwt/token-revocations.js';
import { ChangeBus } from '../changes/change-bus.js';
import { newId } from '../database/new-id.js';
import { isUniqueViolation } from '../database/unique-violation.js';
import { GatewayError } from '../http/errors.js';
import type { ApiToken } from './api-token.entity.js';
import { ApiTokenReader } from './api-token-reader.js';
import { ApiTokenRepository, type TokenChanges } from './api-token.repository.js';
import type { CreateApiTokenDto, UpdateApiTokenDto } from './dto/api-token.dto.js';
import { isWhole } from './is-whole.js';
import { scopeColumns } from './scope-columns.js';
import { TokenGrants } from './token-grants.js';
import { TokenHolders } from './token-holders.js';
import { tokenManager } from './token-manager.js';
import type { TokenRecord } from './token-record.js';
import { TokensSettings } from './tokens.settings.js';

const DAY_SECONDS = 86_400;

/** Makes, changes and revokes API tokens. What a token may do is kept in its row, never in its text. */
@Injectable()
export class ApiTokenService {
  constructor(
    private readonly tokens: ApiTokenRepository,
    private readonly reader: ApiTokenReader,
    private readonly grants: TokenGrants,
    private readonly holders: TokenHolders,
    private readonly issuer: TokenIssuer,
    private readonly revocations: TokenRevocations,
    private readonly bus: ChangeBus,
    private readonly auth: AuthSettings,
    private readonly settings: TokensSettings,
  ) {}

  async create(caller: Principal, wish: CreateApiTokenDto): Promise<{ record: TokenRecord; text: string }> {
    const maker = tokenManager(caller);
    assertWhole(caller);
    const scope = wish.scope ?? {};
    const holder = await this.holders.holder(caller, wish.user_email);
    const teamId = await this.holders.team(holder, wish.team_id);
    await this.grants.assertContained(caller, holder, scope);
    const seconds = this.#lifetime(wish.expires_in_days ?? undefined);
    const jti = randomUUID();
    const text = await this.issuer.sign(holder.id, jti, { token_use: 'api' }, seconds);
    const createdAt = new Date();
    const token: ApiToken = {
      id: newId(),
      userId: holder.id,
      jti,
      name: wish.name,
      tokenHash: createHash('sha256').update(text).digest('hex'),
      teamId,
      ...scopeColumns(scope),
      description: wish.description ?? null,
      tags: wish.tags ?? [],
      createdAt,
      expiresAt: seconds === undefined ? null : new Date(createdAt.getTime() + seconds * 1000),
      isActive: wish.is_active ?? true,
      createdBy: holder.id === maker.id ? null : maker.email,
      uses: 0,
      lastUsed: null,
    };
    await namedOnce(this.tokens.insert(token));
    return { record: { token, owner: holder.email, revocation: null }, text };
  }

  /** Takes effect before it resolves: every cache has dropped what it knew of the token, and calls under way have ended. */
  async update(caller: Principal, id: string, wish: UpdateApiTokenDto): Promise<TokenRecord> {
    const { token, revocation } = await this.reader.own(caller, id);
    assertWhole(caller);
    if (wish.is_active && revocation)
      throw new GatewayError('bad_request', 'is_active: A revoked token cannot be switched on again');
    const { name, description, tags, is_active: isActive, scope } = wish;
    if (scope)
      await this.grants.assertContained(caller, { ...tokenManager(caller), grants: caller.grants.anywhere }, scope);
    const changes: TokenChanges = {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(tags !== undefined && { tags }),
      ...(isActive !== undefined && { isActive }),
      ...(scope !== undefined && scopeColumns(scope)),
    };
    await namedOnce(this.tokens.update(token.id, changes));
    // A new name ends no call.
    if (scope !== undefined || isActive !== undefined) this.bus.publish({ kind: 'token_changed', jti: token.jti });
    return this.reader.own(caller, id);
  }

  async revoke(caller: Principal, id: string, reason: string | undefined): Promise<void> {
    await this.#end(caller, await this.reader.get(caller, id), reason);
  }

  /** For administrators: takes back a token of anybody. */
  async revokeAny(caller: Principal, id: string, reason: string | undefined): Promise<void> {
    await this.#end(caller, await this.reader.any(caller, id), reason);
  }

  async #end(caller: Principal, { token }: TokenRecord, reason: string | undefined): Promise<void> {
    const { id, jti, expiresAt: tokenExpiry } = token;
    // First what every cache obeys: should the second write fail, the token is dead all the same.
    await this.revocations.revoke({ jti, revokedBy: caller.subject, reason: reason ?? null, tokenExpiry });
    await this.tokens.deactivate(id);
  }

  /** Seconds; undefined for ever. */
  #lifetime(days: number | undefined): number | undefined {
    if (days === undefined && this.auth.requireExpiration) {
      throw new GatewayError(
        'bad_request',
        'expires_in_days: Token expiration is required by server policy (REQUIRE_TOKEN_EXPIRATION=true)',
      );
    }
    const { maxExpiryDays } = this.settings;
    if (days !== undefined && days > maxExpiryDays)
      throw new GatewayError(
        'bad_request',
        `expires_in_days: must be at most ${maxExpiryDays} (TOKEN_MAX_EXPIRY_DAYS)`,
      );
    return days === undefined ? undefined : days * DAY_SECONDS;
  }
}

/** What a token may do, it may do as its user: a session that was given less than that must not get it back so. */
function assertWhole(caller: Principal): void {
  if (isWhole(caller)) return;
  throw new GatewayError(
    'access_denied',
    'A session that is itself restricted cannot create or change tokens',
    'narrowed',
  );
}

async function namedOnce(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (isUniqueViolation(error)) throw new GatewayError('conflict', 'name: A token with this name already exists');
    throw error;
  }
}
