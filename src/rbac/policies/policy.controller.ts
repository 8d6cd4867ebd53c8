import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { OffsetPageDto } from '../../http/offset-page.dto.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { POLICY_SCHEMA } from './cedar/policy-schema.js';
import {
  PolicyDto,
  PolicyListDto,
  PolicySchemaDto,
  PolicyVersionDto,
  ShadowListDto,
  shownFinding,
  shownPolicy,
  shownVersion,
} from './dto/policy.dto.js';
import { ActivatePolicyDto, CreatePolicyDto, UpdatePolicyDto } from './dto/policy-wish.dto.js';
import { SimulatePolicyDto, SimulationDto } from './dto/simulation.dto.js';
import { PolicyReader } from './policy-reader.js';
import { PolicySimulator } from './policy-simulator.js';
import { PolicyService } from './policy.service.js';
import type { Policy } from './policy.entity.js';

@ApiTags('policies')
@Controller('policies')
@RateLimited('high')
export class PolicyController {
  constructor(
    private readonly policies: PolicyService,
    private readonly reader: PolicyReader,
    private readonly simulator: PolicySimulator,
  ) {}

  /** Write a policy. It starts as a draft, which forbids nothing and reports what it would have denied. */
  @Post()
  @Requires('policies.create')
  async create(@Caller() caller: Principal, @Body() body: CreatePolicyDto): Promise<PolicyDto> {
    return this.#shown(await this.policies.create(caller, body));
  }

  /** All policies, sorted by name. */
  @Get()
  @Requires('policies.read')
  async list(@Query() query: OffsetPageDto): Promise<PolicyListDto> {
    const { rows, total } = await this.reader.page(query);
    return { policies: rows.map(shownPolicy), total };
  }

  /** What policies can read and forbid, as a Cedar schema. */
  @Get('schema')
  @Requires('policies.read')
  schema(): PolicySchemaDto {
    return { schema: POLICY_SCHEMA };
  }

  /** Ask what would be decided, without any effect; of an account by its roles too. */
  @Post('simulate')
  @HttpCode(200)
  @Requires('policies.read')
  simulate(@Body() body: SimulatePolicyDto): Promise<SimulationDto> {
    return this.simulator.simulate(body);
  }

  @Get(':id')
  @Requires('policies.read')
  async get(@Param('id') id: string): Promise<PolicyDto> {
    return shownPolicy(await this.reader.get(id));
  }

  /** The texts that it had, newest first; 100 at most, beside the active one. */
  @Get(':id/versions')
  @Requires('policies.read')
  async versions(@Param('id') id: string): Promise<PolicyVersionDto[]> {
    return (await this.reader.versions(id)).map(shownVersion);
  }

  /** What the latest draft would have denied that was allowed, the most frequent first. */
  @Get(':id/shadow')
  @Requires('policies.read')
  async shadow(@Param('id') id: string, @Query() query: OffsetPageDto): Promise<ShadowListDto> {
    const { rows, total } = await this.reader.shadow(id, query);
    return { findings: rows.map(shownFinding), total };
  }

  /** Change what is given. Another text becomes the draft; what is in force stays in force. */
  @Put(':id')
  @Requires('policies.update')
  async update(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: UpdatePolicyDto,
  ): Promise<PolicyDto> {
    return this.#shown(await this.policies.update(caller, id, body));
  }

  /** Put a version in force; every door obeys before this answers. */
  @Post(':id/activate')
  @HttpCode(200)
  @Requires('policies.update')
  async activate(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() { version }: ActivatePolicyDto,
  ): Promise<PolicyDto> {
    return this.#shown(await this.policies.activate(caller, id, version));
  }

  /** Make it forbid nothing any more; a draft goes on in shadow. */
  @Post(':id/deactivate')
  @HttpCode(200)
  @Requires('policies.update')
  async deactivate(@Caller() caller: Principal, @Param('id') id: string): Promise<PolicyDto> {
    return this.#shown(await this.policies.deactivate(caller, id));
  }

  /** Delete a policy with its versions and findings. */
  @Delete(':id')
  @HttpCode(204)
  @Requires('policies.delete')
  async delete(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    await this.policies.delete(caller, id);
  }

  async #shown({ id }: Policy): Promise<PolicyDto> {
    return shownPolicy(await this.reader.get(id));
  }
}
