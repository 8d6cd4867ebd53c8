import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { Requires } from '../http/route-policy.js';
import { RateLimited } from '../limits/rate-limited.js';
import { ApiTokenReader } from './api-token-reader.js';
import { CreateApiTokenDto, RevokeApiTokenDto, UpdateApiTokenDto } from './dto/api-token.dto.js';
import { ListApiTokensDto } from './dto/list-api-tokens.dto.js';
import { ApiTokenDto, ApiTokenListDto, ChangedApiTokenDto, CreatedApiTokenDto } from './dto/shown-api-token.dto.js';
import { TokenUsageDto, TokenUsageQueryDto } from './dto/token-usage.dto.js';
import { shownPage } from './shown-page.js';
import { shownToken } from './shown-token.js';
import { TokenEdits } from './token-edits.js';
import { TokenEndings } from './token-endings.js';
import { TokenMint } from './token-mint.js';
import { TokenUsageService } from './token-usage.service.js';

@ApiTags('tokens')
@Controller('tokens')
@RateLimited('high')
export class ApiTokenController {
  constructor(
    private readonly mint: TokenMint,
    private readonly edits: TokenEdits,
    private readonly endings: TokenEndings,
    private readonly reader: ApiTokenReader,
    private readonly usages: TokenUsageService,
  ) {}

  /** Mint an API token; its text is shown in this answer only. */
  @Post()
  @Requires('tokens.create')
  async create(@Caller() caller: Principal, @Body() body: CreateApiTokenDto): Promise<CreatedApiTokenDto> {
    const { record, text, warnings } = await this.mint.create(caller, body);
    return { token: shownToken(record), access_token: text, warnings: [...warnings] };
  }

  /** The caller's tokens and those of teams he owns, newest first. */
  @Get()
  @Requires('tokens.read')
  async list(@Caller() caller: Principal, @Query() query: ListApiTokensDto): Promise<ApiTokenListDto> {
    return shownPage(await this.reader.list(caller, query), query);
  }

  @Get(':id')
  @Requires('tokens.read')
  async get(@Caller() caller: Principal, @Param('id') id: string): Promise<ApiTokenDto> {
    return shownToken(await this.reader.get(caller, id));
  }

  /** Change a token; every door obeys before this answers. Its text stays the same. */
  @Put(':id')
  @Requires('tokens.update')
  async update(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: UpdateApiTokenDto,
  ): Promise<ChangedApiTokenDto> {
    const { record, warnings } = await this.edits.update(caller, id, body);
    return Object.assign(shownToken(record), { warnings: [...warnings] });
  }

  /** Take a token back; it stops working before this answers. */
  @Delete(':id')
  @HttpCode(204)
  @Requires('tokens.revoke')
  async revoke(@Caller() caller: Principal, @Param('id') id: string, @Body() body?: RevokeApiTokenDto): Promise<void> {
    await this.endings.revoke(caller, id, body?.reason);
  }

  /** What a token was used for: totals, rates, paths and a time series. */
  @Get(':id/usage')
  @Requires('tokens.read')
  usage(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() { days }: TokenUsageQueryDto,
  ): Promise<TokenUsageDto> {
    return this.usages.usage(caller, id, days);
  }
}
