import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { createHash, randomUUID } from 'node:crypto';
import { BoundSettings } from '../auth/bound/bound.settings.js';
import { TokenIssuer } from '../auth/jwt/token-issuer.js';
import { GatewayError } from '../http/errors.js';
import { newId } from '../database/new-id.js';
import type { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository } from './api-token.repository.js';
import { demandUnrestricted } from './demand-unrestricted.js';
import type { CreateApiTokenDto } from './dto/api-token.dto.js';
import { namedOnce } from './named-once.js';
import { scopeColumns } from './scope-columns.js';
import { TokenGrants } from './token-grants.js';
import { TokenHolders } from './token-holders.js';
import { TokenLifetime } from './token-lifetime.js';
import { tokenManager } from './token-manager.js';
import type { TokenRecord } from './token-record.js';
import { TokenWarnings } from './token-warnings.js';

export interface MintedToken {
  readonly record: TokenRecord;
  /** Shown once. */
  readonly text: string;
  readonly warnings: readonly string[];
}

/** Makes API tokens. What a token may do is kept in its row, never in its text. */
@Injectable()
export class TokenMint {
  constructor(
    private readonly tokens: ApiTokenRepository,
    private readonly grants: TokenGrants,
    private readonly holders: TokenHolders,
    private readonly issuer: TokenIssuer,
    private readonly lifetime: TokenLifetime,
    private readonly warnings: TokenWarnings,
    private readonly bound: BoundSettings,
  ) {}

  async create(caller: Principal, wish: CreateApiTokenDto): Promise<MintedToken> {
    const maker = tokenManager(caller);
    demandUnrestricted(caller);
    const scope = wish.scope ?? {};
    const holder = await this.holders.holder(caller, wish.user_email);
    const teamId = await this.holders.team(holder, wish.team_id);
    await this.grants.assertContained(caller, holder, scope, teamId);
    const seconds = this.lifetime.seconds(wish.expires_in_days ?? undefined);
    const jti = randomUUID();
    const bound = this.#bound(wish);
    const text = await this.issuer.sign(holder.id, jti, { token_use: 'api', ...cnf(bound) }, seconds);
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
      ...bound,
    };
    const warnings = await this.warnings.about(token, holder);
    await namedOnce(this.tokens.insert(token));
    return { record: { token, owner: holder.email, revocation: null }, text, warnings };
  }

  #bound({ dpop_jkt: dpopJkt = null, x5t_s256: x5tS256 = null }: CreateApiTokenDto): Bound {
    if (x5tS256 !== null && !this.bound.knowsCertificates)
      throw new GatewayError(
        'bad_request',
        'x5t_s256: no client certificates are known here (MTLS_CLIENT_CERT_HEADER)',
      );
    return { dpopJkt, x5tS256 };
  }
}

type Bound = Pick<ApiToken, 'dpopJkt' | 'x5tS256'>;

/** Signed into the token, so that no change of its row frees it (RFC 7800). */
function cnf({ dpopJkt, x5tS256 }: Bound): { cnf?: object } {
  if (dpopJkt === null && x5tS256 === null) return {};
  return { cnf: { ...(dpopJkt !== null && { jkt: dpopJkt }), ...(x5tS256 !== null && { 'x5t#S256': x5tS256 }) } };
}
