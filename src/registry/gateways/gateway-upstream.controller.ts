import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { GatewayHealthDto } from './dto/health.dto.js';
import { RefreshDto } from './dto/refresh.dto.js';
import { GatewayReader } from './gateway-reader.js';
import { GatewayRefresh } from './gateway-refresh.js';
import { HealthCheck } from './health-check.js';

/** What needs the upstream itself to answer. */
@ApiTags('gateways')
@Controller('gateways')
export class GatewayUpstreamController {
  constructor(
    private readonly reader: GatewayReader,
    private readonly refresher: GatewayRefresh,
    private readonly check: HealthCheck,
  ) {}

  /** Read again what the upstream offers. Items that are still there keep their ids. */
  @Post([':gatewayId/tools/refresh', ':gatewayId/refresh'])
  @HttpCode(200)
  @Requires('gateways.update')
  async refresh(@Caller() caller: Principal, @Param('gatewayId') id: string): Promise<RefreshDto> {
    return this.refresher.refresh(caller, id);
  }

  /** Ask the upstream now whether it is there. */
  @Get(':gatewayId/health')
  @Requires('gateways.read')
  async health(@Caller() caller: Principal, @Param('gatewayId') id: string): Promise<GatewayHealthDto> {
    const gateway = await this.reader.demand(caller, 'gateways.read', id);
    const [{ discovery, latencyMs, error, tlsEvent }, certificates] = await Promise.all([
      this.check.of(gateway),
      this.check.certificates(gateway),
    ]);
    const { era, revision } = discovery ?? gateway.discovery;
    return {
      reachable: discovery !== undefined,
      latencyMs,
      era,
      revision,
      ...(error !== undefined && { error }),
      ...(tlsEvent && { tlsEvent }),
      ...(certificates.length > 0 && { certificates }),
    };
  }
}
