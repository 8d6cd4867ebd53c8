import type { Principal } from '#libs/policy';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import {
  ApproveToolDto,
  ListToolIntegrityDto,
  shownPage,
  shownReview,
  ToolIntegrityPageDto,
  ToolReviewDto,
} from './dto/tool-integrity.dto.js';
import { ToolApprovals } from './tool-approvals.js';

@ApiTags('plugins')
@Controller('admin/tool-integrity')
@RateLimited('high')
export class ToolIntegrityController {
  constructor(private readonly approvals: ToolApprovals) {}

  /** What is known of the definitions of tools, and which of them wait for somebody to review them. */
  @Get()
  @Requires('admin.plugins')
  async list(@Query() query: ListToolIntegrityDto): Promise<ToolIntegrityPageDto> {
    const { gateway_id: gatewayId, ...wish } = query;
    return shownPage(await this.approvals.page({ ...wish, gatewayId }), query.limit);
  }

  /** What was approved of a tool, what its upstream says of it now, and how the two differ. */
  @Get(':toolId')
  @Requires('admin.plugins')
  async get(@Param('toolId') toolId: string): Promise<ToolReviewDto> {
    return shownReview(await this.approvals.get(toolId));
  }

  /** Take the definition that was reviewed for the right one; 409 when it is another by now. */
  @Post(':toolId/approve')
  @HttpCode(200)
  @Requires('admin.plugins')
  async approve(
    @Caller() caller: Principal,
    @Param('toolId') toolId: string,
    @Body() { hash }: ApproveToolDto,
  ): Promise<ToolReviewDto> {
    return shownReview(await this.approvals.approve(caller, toolId, hash));
  }

  /** Let nobody call the tool until somebody approves it. */
  @Post(':toolId/block')
  @HttpCode(200)
  @Requires('admin.plugins')
  async block(@Caller() caller: Principal, @Param('toolId') toolId: string): Promise<ToolReviewDto> {
    return shownReview(await this.approvals.block(caller, toolId));
  }
}
