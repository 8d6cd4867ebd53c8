import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { CatalogService } from '../catalog/catalog.service.js';
import { PassthroughConfigDto, SetPassthroughDto } from './dto/passthrough-config.dto.js';
import { GlobalPassthrough } from './global-passthrough.js';
import { PassthroughHeaders } from './passthrough-headers.js';

/** Which request headers of callers upstreams are given, where their gateway has no list of its own. */
@ApiTags('configuration')
@Controller('admin/config/passthrough-headers')
@RateLimited('high')
export class PassthroughController {
  constructor(
    private readonly headers: PassthroughHeaders,
    private readonly shared: GlobalPassthrough,
    private readonly catalog: CatalogService,
  ) {}

  @Get()
  @Requires('admin.system_config')
  async get(): Promise<PassthroughConfigDto> {
    return { passthrough_headers: [...(await this.headers.global())], enabled: this.headers.enabled };
  }

  /** Replace the list; calls follow it at once, while ENABLE_HEADER_PASSTHROUGH is on. */
  @Put()
  @Requires('admin.system_config')
  async set(@Caller() caller: Principal, @Body() body: SetPassthroughDto): Promise<PassthroughConfigDto> {
    this.headers.demandHarmless(body.passthrough_headers, 'passthrough_headers');
    await this.shared.write(body.passthrough_headers, caller);
    await this.catalog.refreshed();
    return this.get();
  }
}
