import type { Dispatcher } from 'undici';
import type { AddressPolicy } from './address-policy.js';
import { type BufferedAnswer, BufferedCall } from './buffered-call.js';
import { CarriedDispatcher, type Carrier } from './carrier.js';
import { checkTarget } from './check-target.js';
import { guardedConnector, type PeerTls } from './guarded-connector.js';
import { type Lookup, systemLookup } from './lookup.js';
import { OriginDispatcher } from './origin-dispatcher.js';
import { OriginPools } from './origin-pools.js';
import { type StreamedAnswer, StreamedCall } from './streamed-call.js';

/** `calls` end soon and share connections; a stream may last for hours and must not hold a connection that calls need. */
export type Purpose = 'calls' | 'streams';

const STREAMS_PER_ORIGIN = 1_024;
/** How long calls in flight may take to end when the egress closes, in milliseconds. */
const GRACE_MS = 5_000;

export interface EgressOptions {
  readonly policy: AddressPolicy;
  /** Bounds look-up, TCP and TLS together, in milliseconds; kept to about a second. */
  readonly connectTimeoutMs: number;
  /** Connections for calls to one origin; further calls wait. */
  readonly connectionsPerOrigin: number;
  /** Streams at one origin; further ones wait. */
  readonly streamsPerOrigin?: number;
  readonly rejectUnauthorized: boolean;
  /** PEM certificates that are trusted besides the built-in ones. */
  readonly ca?: string | readonly string[];
  /** What of TLS is not as it is for everybody. */
  readonly tls?: PeerTls;
  /** Whether plain http:// may be called; it may if this is left out. */
  readonly allowHttp?: boolean;
  readonly lookup?: Lookup;
  /** What carries calls to URLs of other schemes than http and https, by protocol with its colon (`stdio:`). */
  readonly carriers?: (egress: Egress) => Readonly<Record<string, Carrier>>;
}

interface Call {
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

export interface BufferedRequest extends Call {
  /** Bounds the whole call, in milliseconds, from 1 to 2,147,483,647. */
  readonly timeoutMs: number;
  /** Most bytes of body that are taken. */
  readonly maxBytes: number;
}

export interface StreamedRequest extends Call {
  /** Bounds the time until the head of the answer is there, in milliseconds, from 1 to 2,147,483,647. */
  readonly headersTimeoutMs: number;
}

/**
 * The only way out of the gateway. It connects to addresses that the policy lets pass, and to the very address that was
 * checked. It never follows a redirect and never decodes an answer.
 */
export class Egress {
  readonly #policy: AddressPolicy;
  readonly #allowHttp: boolean;
  readonly #pools: Readonly<Record<Purpose, OriginPools>>;
  readonly #carriers: ReadonlyMap<string, Carrier>;

  constructor(private readonly options: EgressOptions) {
    this.#policy = options.policy;
    this.#allowHttp = options.allowHttp ?? true;
    const connect = guardedConnector({ lookup: systemLookup, ...options });
    this.#pools = {
      calls: new OriginPools(connect, options.connectionsPerOrigin),
      streams: new OriginPools(connect, options.streamsPerOrigin ?? STREAMS_PER_ORIGIN),
    };
    this.#carriers = new Map(Object.entries(options.carriers?.(this) ?? {}));
  }

  /**
   * A way out under the same rules, for peers that ask for a certificate or are trusted by one. Its user has to close it.
   * @throws Error if OpenSSL can't use what is given
   */
  withTls(tls: PeerTls): Egress {
    return new Egress({ ...this.options, tls });
  }

  /** Throws an EgressError when the URL may not be called, as far as that shows without a look-up. */
  check(url: URL): void {
    const carrier = this.#carriers.get(url.protocol);
    if (carrier) carrier.check(url);
    else checkTarget(url, this.#policy, this.#allowHttp);
  }

  /**
   * The way to the URL's origin, to be kept by callers that make many calls. It fails with errors of ours and of undici:
   * `toEgressError` maps them. It sets no time limit, and its paths and headers are sent as given. Throws what {@link check} throws.
   */
  dispatcher(url: URL, purpose: Purpose): Dispatcher {
    this.check(url);
    const carrier = this.#carriers.get(url.protocol);
    if (carrier) return new CarriedDispatcher(carrier, url);
    return new OriginDispatcher(this.#pools[purpose], url.origin);
  }

  /** Makes a small call and collects its answer. Rejects with an EgressError; any status is an answer. */
  async request(url: URL, request: BufferedRequest): Promise<BufferedAnswer> {
    const dispatcher = this.dispatcher(url, 'calls');
    const call = new BufferedCall(nameOf(url), request);
    call.send(dispatcher, dispatchOptions(url, request));
    return call.answer;
  }

  /** Opens a call whose answer is read as it comes. Rejects with an EgressError; any status is an answer. */
  async stream(url: URL, request: StreamedRequest): Promise<StreamedAnswer> {
    const dispatcher = this.dispatcher(url, 'streams');
    const call = new StreamedCall(nameOf(url), { ...request, timeoutMs: request.headersTimeoutMs });
    call.send(dispatcher, dispatchOptions(url, request));
    return call.answer;
  }

  /** Refuses new calls, ends streams at once, and waits for calls in flight, five seconds unless told otherwise. */
  async close(graceMs = GRACE_MS): Promise<void> {
    const carried = [...this.#carriers.values()].map((carrier) => carrier.close());
    await Promise.all([this.#pools.calls.close(graceMs), this.#pools.streams.close(0), ...carried]);
  }
}

const nameOf = ({ hostname }: URL): string => (hostname === '' ? 'the upstream' : hostname);

function dispatchOptions(url: URL, { method, headers, body }: Call): Dispatcher.DispatchOptions {
  return { path: url.pathname + url.search, method, headers, body: body ?? null };
}
