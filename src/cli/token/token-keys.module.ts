import { type DynamicModule, Module } from '@nestjs/common';
import { JwtKeyRing } from '../../auth/keys/jwt-key-ring.js';
import { StoredKeys } from '../../auth/keys/stored-keys.js';
import type { Environment } from '../../config/environment.js';
import { KeysModule } from '../keys/keys.module.js';

/** The keys of tokens of the settings and of the database. */
@Module({})
export class TokenKeysModule {
  static of(environment: Environment): DynamicModule {
    return {
      module: TokenKeysModule,
      imports: [KeysModule.of(environment)],
      providers: [JwtKeyRing, StoredKeys],
    };
  }
}
