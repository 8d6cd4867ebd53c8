import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { SsoEnabledGuard } from '../sso-enabled.guard.js';
import { Approvals } from './approvals.js';
import { ApprovalActionDto, ApprovalDto, ListApprovalsDto } from './dto/approval.dto.js';
import type { PendingApproval } from './pending-approval.entity.js';

@ApiTags('single sign-on')
@Controller('auth/sso/pending-approvals')
@Requires('admin.user_management')
@RateLimited('high')
@UseGuards(SsoEnabledGuard)
export class ApprovalController {
  constructor(private readonly approvals: Approvals) {}

  /** Who waits to be let in, newest first. */
  @Get()
  async list(@Query() { include_expired: expired, limit, offset }: ListApprovalsDto): Promise<ApprovalDto[]> {
    return (await this.approvals.list(expired, limit, offset)).map(shown);
  }

  /** Let somebody in, or not. The account is made when they sign in next. */
  @Post(':id/action')
  @HttpCode(200)
  async decide(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: ApprovalActionDto,
  ): Promise<ApprovalDto> {
    return shown(await this.approvals.decide(caller, id, body));
  }
}

const shown = (row: PendingApproval): ApprovalDto => ({
  id: row.id,
  email: row.email,
  full_name: row.fullName,
  auth_provider: row.authProvider,
  requested_at: row.requestedAt.toISOString(),
  expires_at: row.expiresAt.toISOString(),
  status: row.status,
  sso_metadata: row.ssoMetadata,
});
