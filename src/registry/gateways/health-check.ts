import { Injectable } from '@nestjs/common';
import { Egress, type PresentedCertificate } from '#libs/egress';
import { type Discovery, UpstreamError, type UpstreamTarget } from '#libs/mcp';
import { RegistrySettings } from '../registry.settings.js';
import type { EraPin, GatewayEntity } from './gateway.entity.js';
import { GatewayTargets } from './gateway-targets.js';
import { isPerUser } from './oauth-access.js';
import { type TlsEvent, tlsEventOf } from './trust/tls-event.js';
import { UpstreamClient } from './upstream-client.js';
import { GatewayError } from '../../http/errors.js';

export interface HealthFinding {
  readonly latencyMs: number;
  /** Undefined when the check failed. */
  readonly discovery: Discovery | undefined;
  /** Whether the upstream was free to show another era. */
  readonly judged: boolean;
  /** Fit for administrators; set when the check failed. */
  readonly error: string | undefined;
  /** Set when it failed for want of trust. */
  readonly tlsEvent?: TlsEvent | undefined;
}

/** A legacy verdict does not fail when it grows stale, so the upstream is asked again after this. */
const VERDICT_LIFE_MS = 24 * 3_600_000;

/** Asks an upstream whether it is there and what it is. */
@Injectable()
export class HealthCheck {
  constructor(
    private readonly targets: GatewayTargets,
    private readonly upstreams: UpstreamClient,
    private readonly settings: RegistrySettings,
    private readonly egress: Egress,
  ) {}

  /** Never rejects; changes nothing. */
  async of(gateway: GatewayEntity, signal?: AbortSignal): Promise<HealthFinding> {
    const startedAt = performance.now();
    const found = await this.#ask(gateway, signal);
    return { ...found, latencyMs: Math.round(performance.now() - startedAt) };
  }

  /** What the upstream shows now, trusted or not; empty where it can't be seen. Never rejects. */
  async certificates({ url }: GatewayEntity): Promise<PresentedCertificate[]> {
    return url.startsWith('https:') ? this.egress.certificates(new URL(url)).catch(() => []) : [];
  }

  async #ask(gateway: GatewayEntity, signal?: AbortSignal): Promise<Omit<HealthFinding, 'latencyMs'>> {
    const eraPin = pinFor(gateway);
    const judged = eraPin === 'auto';
    const discover = (target: UpstreamTarget): Promise<Discovery> =>
      this.upstreams.discover({ ...target, eraPin }, this.settings.healthTimeoutSeconds * 1000, signal);
    try {
      // Where each user has tokens of their own, nobody's are taken.
      const discovery = await (isPerUser(gateway.oauthConfig)
        ? this.targets.bare(gateway).then(({ target }) => discover(target))
        : this.targets.ask(gateway, undefined, discover));
      return { discovery, judged, error: undefined };
    } catch (error) {
      const guarded = error instanceof UpstreamError && error.reason === 'auth_required';
      // It is there, and wants to know who asks.
      if (guarded && isPerUser(gateway.oauthConfig))
        return { discovery: gateway.discovery, judged: false, error: undefined };
      return { discovery: undefined, judged, error: described(error), tlsEvent: tlsEventOf(error) };
    }
  }
}

/** A fresh legacy verdict spares the upstream a question that it does not understand. */
function pinFor({ era, discovery, discoveredAt }: GatewayEntity): EraPin {
  if (era !== 'auto') return era;
  return discovery.era === 'legacy' && Date.now() - discoveredAt.getTime() < VERDICT_LIFE_MS ? 'legacy' : 'auto';
}

function described(error: unknown): string {
  if (error instanceof UpstreamError) return `The upstream ${error.message}`;
  return error instanceof GatewayError ? error.message : 'The check failed';
}
