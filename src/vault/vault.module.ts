import { Global, Module } from '@nestjs/common';
import { LocalSealer } from './local-sealer.js';
import { SecretSealer } from './secret-sealer.js';

@Global()
@Module({ providers: [{ provide: SecretSealer, useClass: LocalSealer }], exports: [SecretSealer] })
export class VaultModule {}
