import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ENTITIES } from '../../app.entities.js';
import { MIGRATIONS } from '../../app.migrations.js';
import { SETTINGS } from '../../app.settings.js';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { RemoteKeys } from '../../auth/keys/remote-keys.js';
import { RevokeSigningKey } from '../../auth/keys/revoke-signing-key.js';
import { RotateSigningKeys } from '../../auth/keys/rotate-signing-keys.js';
import { SigningKeyRow } from '../../auth/keys/signing-key.entity.js';
import { ChangesModule } from '../../changes/changes.module.js';
import type { Environment } from '../../config/environment.js';
import { SettingsModule } from '../../config/settings.module.js';
import { DatabaseModule } from '../../database/database.module.js';
import { EgressModule } from '../../egress/egress.module.js';
import { LimitsModule } from '../../limits/limits.module.js';
import { RedisModule } from '../../redis/redis.module.js';
import { VaultModule } from '../../vault/vault.module.js';

/** As much of the application as its keys need: no door is opened, and no job runs. */
@Global()
@Module({})
export class KeysModule {
  static of(environment: Environment): DynamicModule {
    return {
      module: KeysModule,
      imports: [
        SettingsModule.forRoot(SETTINGS, environment),
        DatabaseModule.forRoot({ entities: ENTITIES, migrations: MIGRATIONS }),
        RedisModule,
        ChangesModule,
        LimitsModule,
        EgressModule,
        VaultModule,
        TypeOrmModule.forFeature([SigningKeyRow]),
      ],
      providers: [AuditTrail, RemoteKeys, RevokeSigningKey, RotateSigningKeys],
      exports: [AuditTrail, RemoteKeys, TypeOrmModule],
    };
  }
}
