import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Permission, Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { SignedIn } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { AssignmentReader } from '../assignments/assignment-reader.js';
import { ListAssignmentsDto, UserRoleDto } from '../assignments/dto/assignment.dto.js';
import { AvailablePermissionsDto } from '../catalog/dto/available-permissions.dto.js';
import { PermissionCatalog } from '../catalog/permission-catalog.js';
import { ExplanationDto, QuestionDto, TeamQueryDto } from './dto/explain.dto.js';
import { OwnExplanations } from './own-explanations.js';

@ApiTags('rbac')
@Controller('rbac')
@SignedIn()
@RateLimited('high')
export class OwnAccessController {
  constructor(
    private readonly explanations: OwnExplanations,
    private readonly roles: AssignmentReader,
    private readonly catalog: PermissionCatalog,
  ) {}

  /** Every permission that a route or an MCP method asks for. */
  @Get('permissions/available')
  available(): AvailablePermissionsDto {
    return this.catalog.available();
  }

  /** The caller's roles, as far as the credential reaches. */
  @Get('my/roles')
  ownRoles(@Caller() caller: Principal, @Query() query: ListAssignmentsDto): Promise<UserRoleDto[]> {
    return this.roles.ofCaller(caller, query);
  }

  /** All that the caller may do with this credential, in a team where one is given; sorted. */
  @Get('my/permissions')
  ownPermissions(@Caller() caller: Principal, @Query() query: TeamQueryDto): Permission[] {
    return this.explanations.permissions(caller, query.team_id);
  }

  /** Why the caller may do something with this credential or not, and what would be needed. */
  @Post('my/explain')
  @HttpCode(200)
  explain(@Caller() caller: Principal, @Body() body: QuestionDto): Promise<ExplanationDto> {
    return this.explanations.explain(caller, body);
  }
}
