import { Budget, LegacySession, SessionPool } from '#libs/mcp';
import { Egress } from '#libs/egress';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { GATE_IDENTITY } from '../../config/gate-identity.js';
import { GateSettings } from '../gate.settings.js';

const IDLE_MS = 300_000;
const PER_UPSTREAM = 200;
const CLOSING_MS = 1000;
const HANDSHAKE_BYTES = 1024 * 1024;

/** The gate's sessions with legacy upstreams, closed with the gate. */
@Injectable()
export class UpstreamSessions extends SessionPool implements BeforeApplicationShutdown {
  constructor(egress: Egress, settings: GateSettings) {
    const limits = { timeoutMs: settings.toolTimeoutSeconds * 1000, maxBytes: HANDSHAKE_BYTES };
    super({
      maxPerUpstream: PER_UPSTREAM,
      idleMs: IDLE_MS,
      open: (target, capabilities) =>
        LegacySession.open(egress, target, GATE_IDENTITY, new Budget(limits), capabilities),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    // Upstreams forget their sessions by themselves one day; those that say nothing must not hold up the stop.
    await Promise.race([this.closeAll(), pause(CLOSING_MS, undefined, { ref: false })]);
  }
}
