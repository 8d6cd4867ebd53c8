import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { Requires } from '../http/route-policy.js';
import { RateLimited } from '../limits/rate-limited.js';
import { ApiTokenReader } from './api-token-reader.js';
import { CreateApiTokenDto } from './dto/api-token.dto.js';
import { ListApiTokensDto } from './dto/list-api-tokens.dto.js';
import { ApiTokenListDto, CreatedApiTokenDto } from './dto/shown-api-token.dto.js';
import { shownPage } from './shown-page.js';
import { shownToken } from './shown-token.js';
import { TokenMint } from './token-mint.js';

@ApiTags('tokens')
@Controller('tokens/teams')
@RateLimited('high')
export class TeamTokenController {
  constructor(
    private readonly mint: TokenMint,
    private readonly reader: ApiTokenReader,
  ) {}

  /** Mint a token for one of the caller's teams. */
  @Post(':teamId')
  @Requires('tokens.create')
  async create(
    @Caller() caller: Principal,
    @Param('teamId') teamId: string,
    @Body() body: CreateApiTokenDto,
  ): Promise<CreatedApiTokenDto> {
    if (body.team_id && normaliseId(body.team_id) !== normaliseId(teamId))
      throw new GatewayError('bad_request', 'team_id: must be the team of the path');
    body.team_id = teamId;
    const { record, text, warnings } = await this.mint.create(caller, body);
    return { token: shownToken(record), access_token: text, warnings: [...warnings] };
  }

  /** The tokens of a team: all for its owners, one's own for its members. */
  @Get(':teamId')
  @Requires('tokens.read')
  async list(
    @Caller() caller: Principal,
    @Param('teamId') teamId: string,
    @Query() query: ListApiTokensDto,
  ): Promise<ApiTokenListDto> {
    return shownPage(await this.reader.ofTeam(caller, teamId, query), query);
  }
}
