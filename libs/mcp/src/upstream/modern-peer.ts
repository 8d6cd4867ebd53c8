import { type JsonObject } from '../json-rpc.js';
import { META_KEYS } from '../meta-keys.js';
import { CAPABILITIES_OF_ALL } from '../relayed-capabilities.js';
import { NEWEST_MODERN, type Revision } from '../revisions.js';
import type { Budget } from './budget.js';
import { exchange } from './exchange.js';
import type { RpcAnswer } from './rpc-answer.js';
import { rpcResult } from './rpc-result.js';
import { modernHeaders } from './upstream-headers.js';
import type { UpstreamHttp } from './upstream-http.js';
import type { UpstreamPeer } from './upstream-peer.js';
import type { ClientIdentity, UpstreamTarget } from './upstream-target.js';

/** An upstream of 2026-07-28 as the gate itself talks to it: no session, everything in each request's `_meta`. */
export class ModernPeer implements UpstreamPeer {
  #lastId = 0;

  constructor(
    private readonly http: UpstreamHttp,
    private readonly target: UpstreamTarget,
    private readonly identity: ClientIdentity,
    private readonly revision: Revision = NEWEST_MODERN,
  ) {}

  async request(method: string, params: JsonObject, budget: Budget): Promise<JsonObject> {
    return rpcResult(await this.ask(method, params, budget), method, this.target);
  }

  /** The answer as it came, for a caller that draws conclusions from refusals too. */
  ask(method: string, params: JsonObject, budget: Budget): Promise<RpcAnswer> {
    const meta = {
      [META_KEYS.protocolVersion]: this.revision,
      [META_KEYS.clientInfo]: this.identity,
      // An upstream may leave out of its lists what a client could not use.
      [META_KEYS.clientCapabilities]: CAPABILITIES_OF_ALL,
    };
    const headers = modernHeaders(this.target, this.revision, { method });
    const request = { id: ++this.#lastId, method, params: { ...params, _meta: meta }, headers };
    return exchange(this.http, this.target.url, request, budget);
  }
}
