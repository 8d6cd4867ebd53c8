import { Body, Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { Requires } from '../http/route-policy.js';
import { RateLimited } from '../limits/rate-limited.js';
import { ApiTokenReader } from './api-token-reader.js';
import { RevokeApiTokenDto } from './dto/api-token.dto.js';
import { OverseeApiTokensDto } from './dto/list-api-tokens.dto.js';
import { ApiTokenListDto } from './dto/shown-api-token.dto.js';
import { shownPage } from './shown-page.js';
import { TokenEndings } from './token-endings.js';

@ApiTags('tokens')
@Controller('tokens/admin')
@RateLimited('high')
export class TokenOversightController {
  constructor(
    private readonly endings: TokenEndings,
    private readonly reader: ApiTokenReader,
  ) {}

  /** The tokens of everybody; for administrators whose session nothing narrows. */
  @Get('all')
  @Requires('tokens.read')
  async all(@Caller() caller: Principal, @Query() query: OverseeApiTokensDto): Promise<ApiTokenListDto> {
    return shownPage(await this.reader.everything(caller, query), query);
  }

  /** Take a token of anybody back. */
  @Delete(':id')
  @HttpCode(204)
  @Requires('tokens.revoke')
  async revoke(@Caller() caller: Principal, @Param('id') id: string, @Body() body?: RevokeApiTokenDto): Promise<void> {
    await this.endings.revokeAny(caller, id, body?.reason);
  }
}
