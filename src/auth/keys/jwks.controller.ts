import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../http/route-policy.js';
import { JwtKeyRing, type PublicJwk } from './jwt-key-ring.js';

@ApiTags('authentication')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: JwtKeyRing) {}

  /** The public keys that verify tokens of this gateway (RFC 7517); empty when they are signed with a secret. */
  @Get('jwks.json')
  @Public('public keys are for everyone')
  @Header('Cache-Control', 'public, max-age=300')
  jwks(): { keys: readonly PublicJwk[] } {
    return { keys: this.keys.publicKeys() };
  }
}
