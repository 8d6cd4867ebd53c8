import { isJsonObject, type JsonObject, type JsonRpcId, RPC_CODES } from '../json-rpc.js';
import { namesModern, NEWEST_LEGACY, type Revision, REVISIONS } from '../revisions.js';
import { Budget } from './budget.js';
import { deliver, exchange, openStream } from './exchange.js';
import type { RpcAnswer } from './rpc-answer.js';
import { refuseOutage, rpcResult } from './rpc-result.js';
import { UpstreamError } from './upstream-error.js';
import { legacyHeaders, legacyStreamHeaders, withIdentity } from './upstream-headers.js';
import type { UpstreamHttp } from './upstream-http.js';
import type { UpstreamPeer } from './upstream-peer.js';
import { isStream, messagesOf, type StreamOptions, type UpstreamStream } from './upstream-stream.js';
import type { ClientIdentity, UpstreamTarget } from './upstream-target.js';

/** What `initialize` settled. Without an id the upstream keeps no session: anyone with the credential may share it. */
export interface Handshake {
  readonly id: string | undefined;
  readonly revision: Revision;
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject | undefined;
  readonly instructions: string | undefined;
}

const CLOSING = { timeoutMs: 5_000, maxBytes: 0 };
const TELLING = { timeoutMs: 5_000, maxBytes: 65_536 };
/** Visible ASCII; the length keeps a hostile upstream from filling our headers. */
const SESSION_ID = /^[\x21-\x7e]{1,512}$/;
/** Of these an older HTTP+SSE server answers `initialize` with one. */
const NO_SUCH_ENDPOINT: readonly number[] = [400, 404, 405];

/** One session with a legacy upstream (2024-11-05 to 2025-11-25), opened by the gate. */
export class LegacySession implements UpstreamPeer {
  #lastId = 0;

  #target: UpstreamTarget;

  constructor(
    private readonly http: UpstreamHttp,
    target: UpstreamTarget,
    readonly handshake: Handshake,
  ) {
    this.#target = target;
  }

  get target(): UpstreamTarget {
    return this.#target;
  }

  /** The same identity has another token. */
  renew(target: UpstreamTarget): void {
    this.#target = target;
  }

  /**
   * `initialize` and `notifications/initialized`.
   * @param capabilities of the client on whose behalf the session is opened; without any the upstream may ask nothing
   * @throws UpstreamError `unsupported_transport` where nothing at the URL speaks the transport
   */
  static async open(
    http: UpstreamHttp,
    target: UpstreamTarget,
    identity: ClientIdentity,
    budget: Budget,
    capabilities: JsonObject = {},
  ): Promise<LegacySession> {
    const params = { protocolVersion: NEWEST_LEGACY, capabilities, clientInfo: identity };
    const headers = await withIdentity(target, legacyHeaders(target));
    const request = { id: 0, method: 'initialize', params, headers };
    const answer = await exchange(http, target, request, budget);
    refuseOldTransport(answer);
    const result = rpcResult(answer, 'initialize', target);
    const session = new LegacySession(http, target, handshake(result, answer.headers['mcp-session-id']));
    try {
      await session.#announce(budget);
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  }

  get id(): string | undefined {
    return this.handshake.id;
  }

  get revision(): Revision {
    return this.handshake.revision;
  }

  /** The next request id. Callers that share the session take theirs here, or two could wait for one answer. */
  nextId(): number {
    return ++this.#lastId;
  }

  /**
   * @param id one that nobody else who shares the session uses
   * @throws UpstreamError `closed` with status 404 when the upstream has forgotten the session
   */
  async request(
    method: string,
    params: JsonObject,
    budget: Budget,
    id: JsonRpcId = this.nextId(),
  ): Promise<JsonObject> {
    const request = { id, method, params, headers: await this.#headers() };
    const answer = await exchange(this.http, this.target, request, budget);
    if (this.id !== undefined && isSessionLost(answer)) {
      throw new UpstreamError('closed', 'has ended the session', { httpStatus: 404 });
    }
    return rpcResult(answer, method, this.target);
  }

  /**
   * A message that is answered by a status alone: a notification, or the answer to a request of the upstream.
   * @throws UpstreamError when it did not arrive; `closed` with status 404 when the upstream has forgotten the session
   */
  async send(body: string | Buffer, budget: Budget): Promise<void> {
    const headers = await this.#headers();
    const answer = await deliver(this.http, this.target, { method: 'POST', headers, body }, budget);
    if (this.id !== undefined && isSessionLost(answer)) {
      throw new UpstreamError('closed', 'has ended the session', { httpStatus: 404 });
    }
    refuseOutage(answer);
  }

  /**
   * GET: the stream of what no request asked for; undefined where the upstream has none (405, and what servers say in its
   * stead).
   * @throws UpstreamError
   */
  async listen(options: StreamOptions): Promise<UpstreamStream | undefined> {
    const headers = { ...(await this.streamHeaders()), accept: 'text/event-stream' };
    const answer = await openStream(this.http, this.target, { method: 'GET', headers }, options);
    if (isStream(answer)) return messagesOf(answer.body);
    answer.body.destroy();
    refuseOutage({ ...answer, outcome: undefined });
    return undefined;
  }

  /** What `send` sends, best effort: never throws and takes 5 seconds at most. False when it did not arrive. */
  async tell(body: string | Buffer): Promise<boolean> {
    try {
      await this.send(body, new Budget(TELLING));
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Answers a request of the upstream that goes no further: a ping, and nothing else has an answer here. Best effort.
   * @param id as the upstream wrote it, JSON text
   */
  async reply(id: string, method: unknown): Promise<void> {
    const error = { code: RPC_CODES.methodNotFound, message: 'Method not found' };
    const answer = method === 'ping' ? '"result":{}' : `"error":${JSON.stringify(error)}`;
    await this.tell(`{"jsonrpc":"2.0","id":${id},${answer}}`);
  }

  /** DELETE, best effort: never throws and takes 5 seconds at most. */
  async close(): Promise<void> {
    if (this.id === undefined) return;
    try {
      const headers = await this.streamHeaders();
      await deliver(this.http, this.target, { method: 'DELETE', headers }, new Budget(CLOSING));
    } catch {
      // The upstream lets go of it by itself, sooner or later.
    }
  }

  /** Of a GET or DELETE in the session. */
  streamHeaders(): Promise<Record<string, string>> {
    return withIdentity(this.target, legacyStreamHeaders(this.target, this.handshake));
  }

  #headers(): Promise<Record<string, string>> {
    return withIdentity(this.target, legacyHeaders(this.target, this.handshake));
  }

  async #announce(budget: Budget): Promise<void> {
    const headers = await this.#headers();
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
    // Simple servers refuse notifications they don't know; only an outage means that the session is of no use.
    refuseOutage(await deliver(this.http, this.target, { method: 'POST', headers, body }, budget));
  }
}

/** 404 is the word for an unknown session, though some servers say it for an unknown method too. */
function isSessionLost({ status, outcome }: RpcAnswer): boolean {
  const unknownMethod = outcome && 'error' in outcome && outcome.error.code === RPC_CODES.methodNotFound;
  return status === 404 && !unknownMethod;
}

function refuseOldTransport({ status, outcome }: RpcAnswer): void {
  if (outcome !== undefined || !NO_SUCH_ENDPOINT.includes(status)) return;
  const text = `has no endpoint of this transport at this URL (HTTP ${status}); servers of 2024-11-05 (HTTP+SSE) want the transport SSE`;
  throw new UpstreamError('unsupported_transport', text, { httpStatus: status });
}

function handshake(result: JsonObject, sessionId: string | string[] | undefined): Handshake {
  const { protocolVersion, capabilities, serverInfo, instructions } = result;
  const revision = REVISIONS.find((known) => known === protocolVersion && !namesModern(known));
  if (typeof protocolVersion !== 'string' || !isJsonObject(capabilities)) {
    throw new UpstreamError('invalid_answer', 'answered initialize without a protocolVersion or capabilities');
  }
  if (revision === undefined) {
    throw new UpstreamError('unsupported_version', 'chose a protocol version that Portcullis does not speak');
  }
  if (sessionId !== undefined && (typeof sessionId !== 'string' || !SESSION_ID.test(sessionId))) {
    throw new UpstreamError('invalid_answer', 'gave a session id that is not 1 to 512 visible ASCII characters');
  }
  return {
    id: sessionId,
    revision,
    capabilities,
    serverInfo: isJsonObject(serverInfo) ? serverInfo : undefined,
    instructions: typeof instructions === 'string' ? instructions : undefined,
  };
}
