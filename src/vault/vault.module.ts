import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnvelopeSealer } from './envelope-sealer.js';
import { KeyStatus } from './key-status.js';
import { KeyController } from './key.controller.js';
import { DataKeys } from './keys/data-keys.js';
import { HeldBackends } from './keys/held-backends.js';
import { KeyHealth } from './keys/key-health.js';
import { KeyRotations } from './rotation/key-rotations.js';
import { ResealJob } from './rotation/reseal-job.js';
import { RotateKeys } from './rotation/rotate-keys.js';
import { SealedRows } from './rotation/sealed-rows.js';
import { SecretSealer } from './secret-sealer.js';
import { VAULT_ENTITIES } from './vault.entities.js';

/** Secrets at rest. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([...VAULT_ENTITIES])],
  controllers: [KeyController],
  providers: [
    DataKeys,
    HeldBackends,
    KeyHealth,
    KeyRotations,
    KeyStatus,
    ResealJob,
    RotateKeys,
    SealedRows,
    { provide: SecretSealer, useClass: EnvelopeSealer },
  ],
  exports: [KeyHealth, SecretSealer],
})
export class VaultModule {}
