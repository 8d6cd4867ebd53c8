import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Discovery } from '#libs/mcp';
import { ChangeBus } from '../../changes/change-bus.js';
import { RegistrySettings } from '../registry.settings.js';
import type { GatewayEntity } from './gateway.entity.js';
import { GatewayRepository, type Sighting } from './gateway.repository.js';
import { isStale } from './is-stale.js';
import { HealthCheck, type HealthFinding } from './health-check.js';

const AT_ONCE = 8;

/**
 * Checks the enabled upstreams in rounds. One becomes unreachable after UNHEALTHY_THRESHOLD failures in a row and reachable
 * with the first success; what it offers stays in the lists until GATEWAY_STALE_LIMIT.
 */
@Injectable()
export class HealthMonitor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(HealthMonitor.name);
  readonly #stop = new AbortController();
  /** Failures in a row, by gateway and version: a gateway that was changed starts anew. */
  #failures = new Map<string, number>();
  #stale: ReadonlySet<string> = new Set();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly gateways: GatewayRepository,
    private readonly check: HealthCheck,
    private readonly changes: ChangeBus,
    private readonly settings: RegistrySettings,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** One check of every enabled upstream. */
  async round(): Promise<void> {
    const waiting = await this.gateways.enabled();
    const failures = new Map<string, number>();
    const stale = new Set<string>();
    const changed: boolean[] = [];
    const work = async (): Promise<void> => {
      for (let gateway = waiting.pop(); gateway; gateway = waiting.pop()) {
        const finding = await this.check.of(gateway, this.#stop.signal);
        // A check that was cut short says nothing about the upstream.
        if (this.#stop.signal.aborted) return;
        const key = `${gateway.id} ${gateway.version}`;
        const failed = finding.discovery ? 0 : (this.#failures.get(key) ?? 0) + 1;
        failures.set(key, failed);
        changed.push(await this.#record(gateway, finding, failed));
        if (isStale(gateway, this.settings.staleLimitSeconds)) stale.add(gateway.id);
        changed.push(stale.has(gateway.id) !== this.#stale.has(gateway.id));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    this.#failures = failures;
    this.#stale = stale;
    if (changed.includes(true)) this.changes.publish({ kind: 'registry_changed' });
  }

  async #run(): Promise<void> {
    while (await this.#interval()) {
      try {
        await this.round();
      } catch (error) {
        this.#log.error({ message: 'a round of health checks failed', error });
      }
    }
  }

  /** Resolves to false when it is time to stop. The jitter keeps replicas from checking in step. */
  async #interval(): Promise<boolean> {
    const milliseconds = this.settings.healthIntervalSeconds * 1000 * (0.9 + Math.random() * 0.2);
    const options = { ref: false, signal: this.#stop.signal };
    return pause(milliseconds, true, options).catch(() => false);
  }

  /** Whether the gate has to know. */
  async #record(gateway: GatewayEntity, finding: HealthFinding, failures: number): Promise<boolean> {
    const { discovery, judged, error } = finding;
    const sighting = discovery
      ? seen(gateway, discovery, judged)
      : missed(gateway, failures, this.settings.unhealthyThreshold);
    if (Object.keys(sighting).length > 0) await this.gateways.saw(gateway, sighting);
    const crossed = sighting.reachable !== undefined && sighting.reachable !== gateway.reachable;
    if (crossed) {
      const { id: gatewayId, slug } = gateway;
      this.#log.warn({
        message: `an upstream is ${discovery ? 'reachable again' : 'unreachable'}`,
        gatewayId,
        slug,
        error,
      });
    }
    Object.assign(gateway, sighting);
    return crossed || sighting.discovery !== undefined;
  }
}

function seen(gateway: GatewayEntity, discovery: Discovery, judged: boolean): Sighting {
  const now = new Date();
  const differs = JSON.stringify(discovery) !== JSON.stringify(gateway.discovery);
  return { reachable: true, lastSeen: now, ...(differs && { discovery }), ...(judged && { discoveredAt: now }) };
}

function missed({ reachable }: GatewayEntity, failures: number, threshold: number): Sighting {
  return reachable && failures >= threshold ? { reachable: false } : {};
}
