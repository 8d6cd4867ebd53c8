import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { TokenRevocations } from '../auth/jwt/token-revocations.js';
import { ApiTokenReader } from './api-token-reader.js';
import { ApiTokenRepository } from './api-token.repository.js';
import type { ApiToken } from './api-token.entity.js';

/** Takes API tokens back, for good. */
@Injectable()
export class TokenEndings {
  constructor(
    private readonly tokens: ApiTokenRepository,
    private readonly reader: ApiTokenReader,
    private readonly revocations: TokenRevocations,
  ) {}

  /** For those whom it stands for, and the owners of its team. */
  async revoke(caller: Principal, id: string, reason: string | undefined): Promise<void> {
    await this.#end(caller, await this.reader.get(caller, id), reason);
  }

  /** For administrators: takes back a token of anybody. */
  async revokeAny(caller: Principal, id: string, reason: string | undefined): Promise<void> {
    await this.#end(caller, await this.reader.any(caller, id), reason);
  }

  /** Takes back every token of an account that is disabled, so that they do not come back with it. */
  async revokeAllOf(caller: Principal, userId: string, reason: string): Promise<void> {
    for (const token of await this.tokens.activeOf(userId)) await this.#end(caller, { token }, reason);
  }

  async #end(
    caller: Principal,
    { token }: { readonly token: Pick<ApiToken, 'id' | 'jti' | 'expiresAt'> },
    reason: string | undefined,
  ): Promise<void> {
    const { id, jti, expiresAt: tokenExpiry } = token;
    // First what every cache obeys: should the second write fail, the token is dead all the same.
    await this.revocations.revoke({ jti, revokedBy: caller.subject, reason: reason ?? null, tokenExpiry });
    await this.tokens.deactivate(id);
  }
}
