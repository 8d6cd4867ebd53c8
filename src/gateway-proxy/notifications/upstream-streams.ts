import { Egress } from '#libs/egress';
import {
  Budget,
  type JsonObject,
  LegacySession,
  type ListenFilter,
  ModernPeer,
  type StreamOptions,
  type UpstreamStream,
} from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { GATE_IDENTITY } from '../../config/gate-identity.js';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import { GatewayTargets } from '../../registry/gateways/gateway-targets.js';
import { RegistrySettings } from '../../registry/registry.settings.js';

const ANSWER_BYTES = 1024 * 1024;

/** A session of the gate's own, with its stream. */
export interface SessionWithStream {
  readonly session: LegacySession;
  readonly stream: UpstreamStream;
}

/**
 * Opens streams of upstreams, in connections that calls do not use, and with tokens of the gateway itself: where each user
 * has tokens of their own, there is none to listen with (GatewayError).
 */
@Injectable()
export class UpstreamStreams {
  readonly #timeoutMs: number;

  constructor(
    private readonly egress: Egress,
    private readonly targets: GatewayTargets,
    { connectTimeoutSeconds }: RegistrySettings,
  ) {
    this.#timeoutMs = connectTimeoutSeconds * 1000;
  }

  /** `subscriptions/listen` at an upstream of 2026-07-28; undefined where there is none. @throws UpstreamError */
  listen(gateway: CatalogGateway, filter: ListenFilter, signal: AbortSignal): Promise<UpstreamStream | undefined> {
    return this.targets.authorized(gateway, undefined, (target) => {
      const peer = new ModernPeer(this.egress, target, GATE_IDENTITY, gateway.discovery.revision);
      return peer.listen(filter, { timeoutMs: this.#timeoutMs, signal });
    });
  }

  /** The GET stream of a new session at an older upstream; undefined where there is none. @throws UpstreamError */
  session(gateway: CatalogGateway, signal: AbortSignal): Promise<SessionWithStream | undefined> {
    return this.targets.authorized(gateway, undefined, async (target) => {
      const session = await LegacySession.open(this.egress, target, GATE_IDENTITY, this.budget(signal));
      const stream = await streamOf(session, { timeoutMs: this.#timeoutMs, signal });
      return stream && { session, stream: heardOut(session, stream) };
    });
  }

  /** For one small request. */
  budget(signal: AbortSignal): Budget {
    return new Budget({ timeoutMs: this.#timeoutMs, maxBytes: ANSWER_BYTES, signal });
  }
}

async function streamOf(session: LegacySession, options: StreamOptions): Promise<UpstreamStream | undefined> {
  let stream: UpstreamStream | undefined;
  try {
    stream = session.id === undefined ? undefined : await session.listen(options);
    return stream;
  } finally {
    if (!stream) await session.close();
  }
}

/** The notices of the stream. What is asked there is answered; the session ends with the stream. */
async function* heardOut(session: LegacySession, stream: UpstreamStream): AsyncGenerator<JsonObject> {
  try {
    for await (const message of stream) {
      const { id, method } = message;
      if (typeof method === 'string' && id !== undefined) await session.reply(JSON.stringify(id), method);
      else yield message;
    }
  } finally {
    await session.close();
  }
}
