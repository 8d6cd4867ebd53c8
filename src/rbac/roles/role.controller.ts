import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { UpdateRoleDto, CreateRoleDto, ListRolesDto, RbacDoneDto, RoleDto } from './dto/role.dto.js';
import { RoleReader } from './role-reader.js';
import { RoleService } from './role.service.js';

@ApiTags('rbac')
@Controller('rbac/roles')
@Requires('admin.user_management')
@RateLimited('high')
export class RoleController {
  constructor(
    private readonly roles: RoleService,
    private readonly reader: RoleReader,
  ) {}

  /** Make a role; for platform administrators. */
  @Post()
  @HttpCode(200)
  async create(@Caller() caller: Principal, @Body() body: CreateRoleDto): Promise<RoleDto> {
    return this.reader.get((await this.roles.create(caller, body)).id);
  }

  /** All roles, sorted by name. */
  @Get()
  list(@Query() query: ListRolesDto): Promise<RoleDto[]> {
    return this.reader.list(query);
  }

  @Get(':id')
  get(@Param('id') id: string): Promise<RoleDto> {
    return this.reader.get(id);
  }

  /** Change what is given; every door obeys before this answers. For platform administrators. */
  @Put(':id')
  async change(@Caller() caller: Principal, @Param('id') id: string, @Body() body: UpdateRoleDto): Promise<RoleDto> {
    return this.reader.get((await this.roles.change(caller, id, body)).id);
  }

  /** Delete a role and take it from all who hold it; for platform administrators. */
  @Delete(':id')
  async remove(@Caller() caller: Principal, @Param('id') id: string): Promise<RbacDoneDto> {
    await this.roles.remove(caller, id);
    return { message: 'Role deleted successfully' };
  }
}
