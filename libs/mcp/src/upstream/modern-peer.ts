import { type JsonObject, RPC_CODES } from '../json-rpc.js';
import { META_KEYS } from '../meta-keys.js';
import { CAPABILITIES_OF_ALL } from '../relayed-capabilities.js';
import { TASKS_EXTENSION } from '../tasks/tasks-capability.js';
import { NEWEST_MODERN, type Revision } from '../revisions.js';
import { Budget } from './budget.js';
import { exchange, openStream, type RpcRequest } from './exchange.js';
import type { ListenFilter } from './listen-filter.js';
import { readOutcome } from './read-outcome.js';
import type { RpcAnswer } from './rpc-answer.js';
import { rpcResult } from './rpc-result.js';
import { UpstreamError } from './upstream-error.js';
import { modernHeaders } from './upstream-headers.js';
import { headerText, type UpstreamHttp } from './upstream-http.js';
import type { UpstreamPeer } from './upstream-peer.js';
import { isStream, messagesOf, type StreamOptions, type UpstreamStream } from './upstream-stream.js';
import type { ClientIdentity, UpstreamTarget } from './upstream-target.js';

const MOST_OF_REFUSAL = 64 * 1024;
/** Of who asks for the status of tasks. */
const WITH_TASKS: JsonObject = { ...CAPABILITIES_OF_ALL, extensions: { [TASKS_EXTENSION]: {} } };

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
    return exchange(this.http, this.target, this.#request(method, params), budget);
  }

  /**
   * `subscriptions/listen`: the acknowledgement and what follows it; undefined where the upstream knows no such method.
   * @throws UpstreamError
   */
  async listen(notifications: ListenFilter, options: StreamOptions): Promise<UpstreamStream | undefined> {
    const method = 'subscriptions/listen';
    const { id, headers, ...rest } = this.#request(
      method,
      { notifications },
      notifications.taskIds ? WITH_TASKS : CAPABILITIES_OF_ALL,
    );
    const body = JSON.stringify({ jsonrpc: '2.0', id, ...rest });
    const answer = await openStream(this.http, this.target, { method: 'POST', headers, body }, options);
    if (isStream(answer)) return messagesOf(answer.body);
    const budget = new Budget({ ...options, maxBytes: MOST_OF_REFUSAL });
    const outcome = await readOutcome(answer.body, headerText(answer.headers, 'content-type'), id, budget);
    if (outcome && 'error' in outcome && outcome.error.code === RPC_CODES.methodNotFound) return undefined;
    rpcResult({ ...answer, outcome }, method, this.target);
    throw new UpstreamError('invalid_answer', `answered ${method} with no stream`);
  }

  #request(method: string, params: JsonObject, capabilities = CAPABILITIES_OF_ALL): RpcRequest {
    const meta = {
      [META_KEYS.protocolVersion]: this.revision,
      [META_KEYS.clientInfo]: this.identity,
      // An upstream may leave out of its lists what a client could not use.
      [META_KEYS.clientCapabilities]: capabilities,
    };
    const targetName = typeof params['name'] === 'string' ? params['name'] : undefined;
    const headers = modernHeaders(this.target, this.revision, { method, targetName });
    return { id: ++this.#lastId, method, params: { ...params, _meta: meta }, headers };
  }
}
