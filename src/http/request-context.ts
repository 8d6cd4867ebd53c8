import type { Principal } from '#libs/policy';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ChallengedResource } from './bearer-challenge.js';
import type { CredentialHolder } from './errors.js';
import { clientAddress, plainAddress } from './client-address.js';
import { TrustedProxies } from './trusted-proxies.js';

const MCP_DOORS = /^\/(rpc|(servers\/[^/?]+\/)?(mcp|sse|message))\/?(\?|$)/;
const CORRELATION_ID = /^[\w.:-]{1,64}$/;

/** Whence a call comes, for those who write it down. */
export interface ClientInfo {
  readonly address: string;
  readonly agent: string;
}

/** Which part of the request said who is calling. */
export type CredentialSource = 'bearer' | 'dpop' | 'cookie' | 'basic' | 'proxy' | 'plugin' | 'none';

/** What is known of one request, filled in on its way; made once, at the edge. */
export class RequestContext {
  readonly correlationId: string;
  readonly startedAt = performance.now();
  readonly arrivedAt = Date.now();
  /** Who connected: the client, or the proxy nearest to us. */
  readonly peerAddress: string;
  /** The client, as far as trusted proxies say who it is. */
  readonly clientAddress: string;
  readonly userAgent: string;
  /** Whether the path is one of the MCP endpoints. */
  readonly mcpDoor: boolean;
  principal: Principal | undefined;
  /** The e-mail of whom a plugin takes the caller for, before anybody looks at his credential. */
  resolvedUser: string | undefined;
  /** Set together with the principal. */
  credential: CredentialSource | undefined;
  /** The virtual server with OAuth whose endpoint was asked for. */
  resource: ChallengedResource | undefined;
  /** The algorithms of proofs, where a refusal is to speak of DPoP beside Bearer. */
  dpopAlgorithms: string | undefined;
  /** Whose ended credential was presented, where there is no principal. */
  formerHolder: CredentialHolder | undefined;
  /** Why the request was refused, for the usage log. */
  blockReason: string | undefined;
  /** What MCP was asked for. */
  method: string | undefined;
  target: string | undefined;
  serverId: string | undefined;
  /** The inner id of the MCP session that the request belongs to; never what the client holds. */
  mcpSessionId: string | undefined;
  gatewayId: string | undefined;
  /** `error` when the upstream or the call failed although the HTTP status says 200. */
  failed: string | undefined;
  /** The request is answered before what it asked for is done; whoever does that writes it down. */
  goesOn = false;
  /** How many requests this counts for where they are limited: the entries of a batch. */
  cost = 1;
  bytesIn = 0;
  bytesOut = 0;

  constructor(request: IncomingMessage, proxies = TrustedProxies.NONE) {
    const given = request.headers['x-correlation-id'];
    this.correlationId = typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
    this.peerAddress = plainAddress(request.socket.remoteAddress ?? '');
    const forwarded = request.headers['x-forwarded-for'];
    this.clientAddress = clientAddress(this.peerAddress, forwarded?.toString(), proxies);
    this.userAgent = request.headers['user-agent'] ?? '';
    this.mcpDoor = MCP_DOORS.test(request.url ?? '');
  }

  get client(): ClientInfo {
    return { address: this.clientAddress, agent: this.userAgent };
  }

  /** A context of its own for one message of a batch. */
  element(): RequestContext {
    const copy: RequestContext = Object.assign(Object.create(RequestContext.prototype), this);
    copy.bytesIn = 0;
    return copy;
  }
}

declare module 'http' {
  interface IncomingMessage {
    /** Set by the edge before anything else sees the request. */
    context: RequestContext;
  }
}
