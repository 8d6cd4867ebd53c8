import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { ChangeBus } from '../changes/change-bus.js';
import { GatewayError } from '../http/errors.js';
import { ApiTokenReader } from './api-token-reader.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository, type TokenChanges } from './api-token.repository.js';
import { demandUnrestricted } from './demand-unrestricted.js';
import type { UpdateApiTokenDto } from './dto/api-token.dto.js';
import { namedOnce } from './named-once.js';
import { scopeColumns } from './scope-columns.js';
import { TokenGrants } from './token-grants.js';
import { tokenManager } from './token-manager.js';
import type { TokenRecord } from './token-record.js';
import { TokenWarnings } from './token-warnings.js';

export interface EditedToken {
  readonly record: TokenRecord;
  readonly warnings: readonly string[];
}

/** Changes API tokens, for those whom they stand for. */
@Injectable()
export class TokenEdits {
  constructor(
    private readonly tokens: ApiTokenRepository,
    private readonly reader: ApiTokenReader,
    private readonly grants: TokenGrants,
    private readonly warnings: TokenWarnings,
    private readonly bus: ChangeBus,
  ) {}

  /** Takes effect before it resolves: every cache has dropped what it knew of the token, and calls under way have ended. */
  async update(caller: Principal, id: string, wish: UpdateApiTokenDto): Promise<EditedToken> {
    const { token, revocation } = await this.reader.own(caller, id);
    demandUnrestricted(caller);
    if (wish.is_active && revocation)
      throw new GatewayError('bad_request', 'is_active: A revoked token cannot be switched on again');
    const { is_active: isActive, scope } = wish;
    const holder = { ...tokenManager(caller), grants: caller.grants };
    if (scope) await this.grants.assertContained(caller, holder, scope, token.teamId);
    const changes = changesOf(wish);
    const warnings = await this.warnings.about(Object.assign(new ApiToken(), token, changes), holder);
    await namedOnce(this.tokens.update(token.id, changes));
    // A new name ends no call.
    if (scope !== undefined || isActive !== undefined) this.bus.publish({ kind: 'token_changed', jti: token.jti });
    return { record: await this.reader.own(caller, id), warnings };
  }
}

function changesOf({ name, description, tags, is_active: isActive, scope }: UpdateApiTokenDto): TokenChanges {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(isActive !== undefined && { isActive }),
    ...(scope !== undefined && scopeColumns(scope)),
  };
}
