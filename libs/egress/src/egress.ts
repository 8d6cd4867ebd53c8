import type { Dispatcher } from 'undici';
import type { AddressPolicy } from './address-policy.js';
import { type BufferedAnswer, BufferedCall } from './buffered-call.js';
import { CarriedDispatcher, type Carrier } from './carrier.js';
import { checkTarget } from './check-target.js';
import type { Destination } from './destination.js';
import { type ConnectorOptions, guardedConnector } from './guarded-connector.js';
import { type Lookup, systemLookup } from './lookup.js';
import { OriginDispatcher } from './origin-dispatcher.js';
import { OriginPools } from './origin-pools.js';
import type { PeerTls } from './peer-tls.js';
import { type PresentedCertificate, presentedCertificates } from './presented-certificates.js';
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
  readonly #connector: ConnectorOptions;
  /** Set by who keeps watch: told of each connection that came to nothing, or was ended by the peer, for want of trust. */
  onUntrusted: NonNullable<ConnectorOptions['onUntrusted']> = () => undefined;

  constructor(options: EgressOptions) {
    this.#policy = options.policy;
    this.#allowHttp = options.allowHttp ?? true;
    this.#connector = {
      lookup: systemLookup,
      ...options,
      onUntrusted: (...refusal) => this.onUntrusted(...refusal),
    };
    const everybody = guardedConnector(this.#connector);
    const connectorOf = (tls?: PeerTls) => (tls ? guardedConnector(this.#connector, tls) : everybody);
    this.#pools = {
      calls: new OriginPools(connectorOf, options.connectionsPerOrigin),
      streams: new OriginPools(connectorOf, options.streamsPerOrigin ?? STREAMS_PER_ORIGIN),
    };
    this.#carriers = new Map(Object.entries(options.carriers?.(this) ?? {}));
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
  dispatcher(to: URL | Destination, purpose: Purpose): Dispatcher {
    const { url, tls } = destinationOf(to);
    this.check(url);
    const carrier = this.#carriers.get(url.protocol);
    if (carrier) return new CarriedDispatcher(carrier, { url, tls });
    return new OriginDispatcher(this.#pools[purpose], url.origin, tls);
  }

  /** Makes a small call and collects its answer. Rejects with an EgressError; any status is an answer. */
  async request(to: URL | Destination, request: BufferedRequest): Promise<BufferedAnswer> {
    const { url } = destinationOf(to);
    const dispatcher = this.dispatcher(to, 'calls');
    const call = new BufferedCall(nameOf(url), request);
    call.send(dispatcher, dispatchOptions(url, request));
    return call.answer;
  }

  /** Opens a call whose answer is read as it comes. Rejects with an EgressError; any status is an answer. */
  async stream(to: URL | Destination, request: StreamedRequest): Promise<StreamedAnswer> {
    const { url } = destinationOf(to);
    const dispatcher = this.dispatcher(to, 'streams');
    const call = new StreamedCall(nameOf(url), { ...request, timeoutMs: request.headersTimeoutMs });
    call.send(dispatcher, dispatchOptions(url, request));
    return call.answer;
  }

  /**
   * What a server says of itself now, its own certificate first, whether it is trusted or not; nothing is sent to it but
   * what TLS begins with. Rejects with an EgressError.
   */
  async certificates(url: URL): Promise<PresentedCertificate[]> {
    this.check(url);
    return presentedCertificates(url, this.#connector);
  }

  /** Ends what was opened with a TLS that nobody has any more: streams at once, calls in flight in five seconds. */
  async drop(tls: PeerTls): Promise<void> {
    await Promise.all([this.#pools.calls.drop(tls, GRACE_MS), this.#pools.streams.drop(tls, 0)]);
  }

  /** Refuses new calls, ends streams at once, and waits for calls in flight, five seconds unless told otherwise. */
  async close(graceMs = GRACE_MS): Promise<void> {
    const carried = [...this.#carriers.values()].map((carrier) => carrier.close());
    await Promise.all([this.#pools.calls.close(graceMs), this.#pools.streams.close(0), ...carried]);
  }
}

const destinationOf = (to: URL | Destination): Destination => (to instanceof URL ? { url: to } : to);

const nameOf = ({ hostname }: URL): string => (hostname === '' ? 'the upstream' : hostname);

function dispatchOptions(url: URL, { method, headers, body }: Call): Dispatcher.DispatchOptions {
  return { path: url.pathname + url.search, method, headers, body: body ?? null };
}
