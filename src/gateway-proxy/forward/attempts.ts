import {
  CAN_ASK,
  type ClientIdentity,
  type JsonObject,
  legacyHeaders,
  type McpCall,
  modernHeaders,
  outgoingMessage,
  type OutgoingShape,
  relayedCapabilities,
  REQUEST_METHODS,
  type SessionLease,
  type UpstreamTarget,
  withIdentity,
} from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { GATE_IDENTITY } from '../../config/gate-identity.js';
import { McpSessions } from '../sessions/mcp-sessions.js';
import { type SessionUpstream, SessionUpstreams } from '../sessions/session-upstreams.js';
import type { ForwardJob } from './forward-job.js';
import { CallerIdentities } from '../identity/caller-identities.js';
import { targetOfCall } from './target-of-call.js';
import { UpstreamSessions } from './upstream-sessions.js';

/** A call as it goes up once. */
export interface Attempt {
  readonly target: UpstreamTarget;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly upstreamId: string | number;
  /** The session that the call runs in; undefined at an upstream of 2026-07-28. */
  readonly lease: SessionLease | undefined;
  /** The client's own session at the upstream. */
  readonly own: SessionUpstream | undefined;
  /** The session was opened for a client that can be asked something, and this call reaches it. */
  readonly asks: boolean;
}

const NOTHING = (): void => undefined;

/** Makes calls ready for their upstream, in the session that it wants. */
@Injectable()
export class Attempts {
  readonly #identity: ClientIdentity = GATE_IDENTITY;

  constructor(
    private readonly sessions: UpstreamSessions,
    private readonly ownSessions: SessionUpstreams,
    private readonly mcpSessions: McpSessions,
    private readonly identities: CallerIdentities,
  ) {}

  /** @throws UpstreamError of a session that can't be opened; EgressError */
  prepare(job: ForwardJob): Attempt | Promise<Attempt> {
    if (job.gateway.discovery.era === 'legacy') return this.#legacy(job);
    if (job.call.era === 'modern') return identified(this.#modern(job, { requestState: job.requestState }));
    return this.#declared(job).then((declared) => identified(this.#modern(job, declared)));
  }

  /** The upstream has forgotten the session. */
  async forget({ session }: ForwardJob, { lease, own }: Attempt): Promise<void> {
    if (session && own) await this.ownSessions.lost(session, own);
    else if (lease) this.sessions.invalidate(lease.session);
  }

  #target({ gateway, given, headers, context }: ForwardJob): UpstreamTarget {
    return targetOfCall(gateway, given, headers, this.identities.of(context.principal, gateway));
  }

  #modern(job: ForwardJob, declared: Partial<OutgoingShape>): Attempt {
    const { call, gateway, targetName, paramHeaders } = job;
    const target = this.#target(job);
    const { revision } = gateway.discovery;
    const id = call.id ?? 0;
    const body = outgoingMessage(call, {
      era: 'modern',
      revision,
      id: undefined,
      targetName,
      identity: this.#identity,
      ...declared,
    });
    const headers = modernHeaders(target, revision, {
      method: call.method,
      targetName: REQUEST_METHODS.get(call.method)?.target === undefined ? undefined : targetName,
      args: call.params?.['arguments'],
      paramHeaders,
    });
    return { target, body, headers, upstreamId: id, lease: undefined, own: undefined, asks: false };
  }

  /** What a client in a session can be asked, and which log messages it gets; without events it can't be reached. */
  async #declared({ session, takesEvents }: ForwardJob): Promise<Partial<OutgoingShape>> {
    if (!session || !takesEvents) return {};
    // The level alone is not worth a failed call.
    const state = await this.mcpSessions.state(session).catch(() => undefined);
    return { capabilities: session.capabilities, logLevel: state?.logLevel ?? 'info' };
  }

  async #legacy(job: ForwardJob): Promise<Attempt> {
    const { call, targetName } = job;
    const target = this.#target(job);
    const own = job.session && (await this.ownSessions.acquire(job.session, target));
    const able = own ? (job.session?.capabilities ?? {}) : ableOf(call);
    const lease = own
      ? { session: own.session, release: NOTHING }
      : await this.sessions.acquire(job.context.principal?.subject ?? '', target, able);
    // Never shared between principals, nor between clients that can be asked different things.
    const { session } = lease;
    if (target.holder !== undefined) session.renew(target);
    // Where several calls share the session, the id has to be ours.
    const id = own ? undefined : session.nextId();
    const body = outgoingMessage(call, {
      era: 'legacy',
      revision: session.revision,
      id,
      targetName,
      identity: this.#identity,
    });
    const headers = await withIdentity(target, legacyHeaders(target, session.handshake));
    const asks = session.id !== undefined && Object.keys(able).length > 0 && (!own || job.takesEvents);
    return { target, body, headers, upstreamId: id ?? call.id ?? 0, lease, own, asks };
  }
}

/** Without waiting where nothing is to be said. */
function identified(attempt: Attempt): Attempt | Promise<Attempt> {
  const { target, headers } = attempt;
  return target.identity ? withIdentity(target, headers).then((all) => ({ ...attempt, headers: all })) : attempt;
}

/** What a client without a session can be asked in the middle of this call. */
function ableOf({ method, clientCapabilities }: McpCall): JsonObject {
  return CAN_ASK.has(method) ? relayedCapabilities(clientCapabilities) : {};
}
