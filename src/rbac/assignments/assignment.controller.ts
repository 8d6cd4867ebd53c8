import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { RbacDoneDto } from '../roles/dto/role.dto.js';
import { AssignRoleDto, ListAssignmentsDto, RevokeRoleDto, UserRoleDto } from './dto/assignment.dto.js';
import { UserRoles } from './user-roles.js';

@ApiTags('rbac')
@Controller('rbac/users/:email/roles')
@Requires('admin.user_management')
@RateLimited('high')
export class AssignmentController {
  constructor(private readonly roles: UserRoles) {}

  /** Give somebody a role that the caller holds there too. */
  @Post()
  @HttpCode(200)
  assign(
    @Caller() caller: Principal,
    @Param('email') email: string,
    @Body() body: AssignRoleDto,
  ): Promise<UserRoleDto> {
    return this.roles.assign(caller, email, body);
  }

  /** The roles of an account, with those that the settings and its teams give. */
  @Get()
  list(@Param('email') email: string, @Query() query: ListAssignmentsDto): Promise<UserRoleDto[]> {
    return this.roles.list(email, query);
  }

  @Delete(':role_id')
  async revoke(
    @Caller() caller: Principal,
    @Param('email') email: string,
    @Param('role_id') roleId: string,
    @Query() query: RevokeRoleDto,
  ): Promise<RbacDoneDto> {
    await this.roles.revoke(caller, email, roleId, query);
    return { message: 'Role revoked successfully' };
  }
}
