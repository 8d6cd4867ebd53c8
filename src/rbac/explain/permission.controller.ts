import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Permission, Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import {
  CheckPermissionDto,
  ExplainDto,
  ExplanationDto,
  CheckedPermissionDto,
  TeamQueryDto,
} from './dto/explain.dto.js';
import { ExplainService } from './explain.service.js';

@ApiTags('rbac')
@Controller('rbac/permissions')
@Requires('admin.security_audit')
@RateLimited('high')
export class PermissionController {
  constructor(private readonly explanations: ExplainService) {}

  /** Whether an account may do something, as if it signed in now. */
  @Post('check')
  @HttpCode(200)
  async check(@Caller() caller: Principal, @Body() body: CheckPermissionDto): Promise<CheckedPermissionDto> {
    const answer = await this.explanations.explain(caller, { email: body.user_email }, body);
    const { user_email, permission, granted, checked_at, checked_by } = answer;
    return { user_email, permission, granted, checked_at, checked_by };
  }

  /** Why an account or an API token may do something or not, step by step, and what would be needed. */
  @Post('explain')
  @HttpCode(200)
  explain(@Caller() caller: Principal, @Body() body: ExplainDto): Promise<ExplanationDto> {
    const { user_email: email, token_id: tokenId } = body;
    if ((email === undefined) === (tokenId === undefined))
      throw new GatewayError(
        'bad_request',
        'user_email: either this or token_id; POST /rbac/my/explain is about yourself',
      );
    return this.explanations.explain(caller, { email, tokenId }, body);
  }

  /** All that an account may do, in a team where one is given; sorted. */
  @Get('user/:email')
  ofUser(@Param('email') email: string, @Query() query: TeamQueryDto): Promise<Permission[]> {
    return this.explanations.permissionsOf(email, query.team_id);
  }
}
