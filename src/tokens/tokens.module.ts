import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiTokenDirectory } from '../auth/api-token-directory.js';
import { ApiTokenController } from './api-token.controller.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository } from './api-token.repository.js';
import { ApiTokenService } from './api-token.service.js';

/** Global, because identity asks it through the port that lies a floor below. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([ApiToken])],
  controllers: [ApiTokenController],
  providers: [ApiTokenRepository, ApiTokenService, { provide: ApiTokenDirectory, useExisting: ApiTokenRepository }],
  exports: [ApiTokenDirectory],
})
export class TokensModule {}
