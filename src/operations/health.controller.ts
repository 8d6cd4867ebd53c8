import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DatabaseHealth } from '../database/database-health.js';
import { Drain } from '../http/drain.js';
import { GatewayError } from '../http/errors.js';
import { Public } from '../http/route-policy.js';
import { KeyHealth } from '../vault/keys/key-health.js';

/** Probes for an orchestrator; they tell nobody anything but whether. */
@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    private readonly database: DatabaseHealth,
    private readonly drain: Drain,
    private readonly keys: KeyHealth,
  ) {}

  /** The process lives. It never asks the database: a restart would not mend that. */
  @Get('health')
  @Public('liveness probes carry no credential')
  health(): { status: string } {
    return { status: 'healthy' };
  }

  /**
   * Calls can be served: the database answers and no shutdown has begun. Without Redis they are served too, slower; without the
   * key backend, `keys` being `unavailable`, as long as their secrets are remembered.
   */
  @Get('ready')
  @Public('readiness probes carry no credential')
  async ready(): Promise<{ status: string; keys?: string }> {
    if (this.drain.draining) throw new GatewayError('draining');
    try {
      await this.database.ping();
    } catch {
      throw new GatewayError('overloaded', 'The database does not answer');
    }
    return { status: 'ready', ...(!this.keys.last.up && { keys: 'unavailable' }) };
  }
}
