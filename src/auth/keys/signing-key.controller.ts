import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { type SigningKeyDto, SigningKeysDto } from './dto/signing-key.dto.js';
import type { JwtKey } from './jwt-key.js';
import { JwtKeyRing } from './jwt-key-ring.js';
import { RevokeSigningKey } from './revoke-signing-key.js';
import { RotateSigningKeys } from './rotate-signing-keys.js';
import { StoredKeys } from './stored-keys.js';

/** The keys that tokens are signed with. */
@ApiTags('configuration')
@Controller('admin/keys/jwt')
@RateLimited('high')
export class SigningKeyController {
  constructor(
    private readonly ring: JwtKeyRing,
    private readonly rotation: RotateSigningKeys,
    private readonly revocation: RevokeSigningKey,
    private readonly stored: StoredKeys,
  ) {}

  /** The keys that verify tokens now. */
  @Get()
  @Requires('admin.system_config')
  list(): SigningKeysDto {
    const { kid } = this.ring.signing;
    return { keys: this.ring.held.map((key) => shown(key, kid, this.ring.endOf(key))) };
  }

  /** Make a new key. It verifies and is published at once, and signs after JWT_KEY_LEAD_SECONDS. */
  @Post('rotate')
  @HttpCode(202)
  @Requires('admin.system_config')
  async rotate(@Caller() caller: Principal): Promise<SigningKeysDto> {
    await this.rotation.rotate(caller);
    await this.stored.refreshed();
    return this.list();
  }

  /** Take a key away at once, all replicas included: what it signed is refused, and open calls end. The newest one stays. */
  @Delete(':kid')
  @Requires('admin.system_config')
  async revoke(@Param('kid') kid: string, @Caller() caller: Principal): Promise<SigningKeysDto> {
    await this.revocation.revoke(kid, caller);
    await this.stored.refreshed();
    return this.list();
  }
}

function shown({ kid, algorithm, retiredAt }: JwtKey, signing: string, endsAt: number): SigningKeyDto {
  const past = retiredAt !== undefined && retiredAt <= Date.now() ? 'verifies' : 'announced';
  return {
    kid,
    algorithm,
    state: kid === signing ? 'signs' : past,
    retired_at: retiredAt === undefined ? null : new Date(retiredAt).toISOString(),
    ends_at: Number.isFinite(endsAt) ? new Date(endsAt).toISOString() : null,
  };
}
