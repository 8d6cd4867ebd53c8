import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { Requires } from '../http/route-policy.js';
import { RateLimited } from '../limits/rate-limited.js';
import type { ApiToken } from './api-token.entity.js';
import { ApiTokenService } from './api-token.service.js';
import {
  ApiTokenDto,
  ApiTokenListDto,
  CreateApiTokenDto,
  CreatedApiTokenDto,
  ListApiTokensDto,
  RevokeApiTokenDto,
} from './dto/api-token.dto.js';

@ApiTags('tokens')
@Controller('tokens')
@RateLimited('high')
export class ApiTokenController {
  constructor(private readonly tokens: ApiTokenService) {}

  /** Mint an API token; its text is shown in this answer only. */
  @Post()
  @Requires('tokens.create')
  async create(@Caller() caller: Principal, @Body() body: CreateApiTokenDto): Promise<CreatedApiTokenDto> {
    const { row, token } = await this.tokens.create(caller, body);
    return { token: shown(row, caller), access_token: token };
  }

  /** The caller's tokens, newest first. */
  @Get()
  @Requires('tokens.read')
  async list(@Caller() caller: Principal, @Query() query: ListApiTokensDto): Promise<ApiTokenListDto> {
    const [rows, total] = await this.tokens.list(caller, query);
    return { tokens: rows.map((row) => shown(row, caller)), total, limit: query.limit, offset: query.offset };
  }

  @Get(':id')
  @Requires('tokens.read')
  async get(@Caller() caller: Principal, @Param('id') id: string): Promise<ApiTokenDto> {
    return shown(await this.tokens.get(caller, id), caller);
  }

  /** Take a token back; it stops working before this answers. */
  @Delete(':id')
  @HttpCode(204)
  @Requires('tokens.revoke')
  async revoke(@Caller() caller: Principal, @Param('id') id: string, @Body() body?: RevokeApiTokenDto): Promise<void> {
    await this.tokens.revoke(caller, id, body?.reason);
  }
}

function shown(row: ApiToken, caller: Principal): ApiTokenDto {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    user_email: caller.subject,
    team_id: row.teamId,
    server_id: row.serverId,
    resource_scopes: row.permissions,
    ip_restrictions: row.ipRestrictions,
    time_restrictions: row.timeRestrictions,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt?.toISOString() ?? null,
    is_active: row.isActive,
    tags: row.tags,
  };
}
