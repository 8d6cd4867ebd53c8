import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiTokenDirectory } from '../auth/principals/api-token-directory.js';
import { TeamsModule } from '../teams/teams.module.js';
import { ApiTokenReader } from './api-token-reader.js';
import { ApiTokenController } from './api-token.controller.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository } from './api-token.repository.js';
import { LastUsed } from './last-used.js';
import { TeamTokenController } from './team-token.controller.js';
import { TokenEdits } from './token-edits.js';
import { TokenEndings } from './token-endings.js';
import { TokenGrants } from './token-grants.js';
import { TokenHolders } from './token-holders.js';
import { TokenLifetime } from './token-lifetime.js';
import { TokenMint } from './token-mint.js';
import { TokenOversightController } from './token-oversight.controller.js';
import { TokenQuotas } from './token-quotas.js';
import { TokenUsageService } from './token-usage.service.js';
import { TokenWarnings } from './token-warnings.js';

/** Global, because identity asks it through the port that lies a floor below. */
@Global()
@Module({
  imports: [TeamsModule, TypeOrmModule.forFeature([ApiToken])],
  controllers: [TokenOversightController, TeamTokenController, ApiTokenController],
  providers: [
    ApiTokenReader,
    ApiTokenRepository,
    LastUsed,
    TokenEdits,
    TokenEndings,
    TokenGrants,
    TokenHolders,
    TokenLifetime,
    TokenMint,
    TokenQuotas,
    TokenUsageService,
    TokenWarnings,
    { provide: ApiTokenDirectory, useExisting: ApiTokenRepository },
  ],
  exports: [ApiTokenDirectory, TokenEndings, TokenQuotas],
})
export class TokensModule {}
