import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Drain } from './drain.js';
import { ERRORS, type ErrorCode } from './errors.js';
import type { HttpSettings } from './http.settings.js';
import { RequestContext } from './request-context.js';
import { requestFault } from './request-fault.js';

// Probes reach a pod by its address, so its Host can't be listed.
const PROBES = /^\/(health|ready)\/?(\?|$)/;
/** Documents that programs on any page may read (RFC 9728 section 3.2). */
const FOR_EVERY_ORIGIN = /^\/\.well-known\/oauth-protected-resource\//;
const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
const JSON_TYPE = 'application/json; charset=utf-8';
/** By Node's code for what went wrong while a request was read; everything else is a bad request. */
const UNREAD: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};
const EXPOSED =
  'X-Correlation-ID, WWW-Authenticate, DPoP-Nonce, Mcp-Session-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, ' +
  'X-RateLimit-Reset, X-Password-Change-Required';

/** The first to see every request: headers of every answer, Host, Origin, CORS, and no new calls while draining. */
export class Edge {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #flat: readonly string[];
  readonly #headers: readonly (readonly [string, string])[];

  constructor(
    private readonly settings: HttpSettings,
    private readonly drain: Drain,
  ) {
    const { hostname, origin } = new URL(settings.appDomain);
    const hosts = [...LOOPBACK_HOSTS, settings.host, hostname, ...settings.allowedHosts];
    // As they stand in a Host header.
    this.#hosts = new Set(hosts.map((host) => (isIPv6(host) ? `[${host}]` : host).toLowerCase()));
    const listed = settings.allowedOrigins.map((item) => item.replace(/\/$/, ''));
    this.#origins = new Set([origin, ...listed, ...localOrigins(settings)]);
    this.#headers = settings.securityHeaders ? securityHeaders(settings) : [];
    this.#flat = this.#headers.flat();
  }

  get draining(): boolean {
    return this.drain.draining;
  }

  /** What every answer carries, names and values in turn. */
  headersOf({ req }: ServerResponse): string[] {
    // Node itself answers what it can't pass on.
    return 'context' in req ? [...this.#flat, 'X-Correlation-ID', req.context.correlationId] : [...this.#flat];
  }

  /** True when the request may go on; otherwise it has been answered. */
  admits(request: IncomingMessage, response: ServerResponse): boolean {
    const context = new RequestContext(request, this.settings.trustedProxies);
    request.context = context;
    const url = request.url ?? '/';
    if (this.draining && !PROBES.test(url)) {
      response.setHeader('Retry-After', '1');
      return refuse(response, 'draining');
    }
    const fault = requestFault(request);
    if (fault) return refuse(response, fault.code, fault.text);
    if (!this.#knowsHost(request.headers.host) && !PROBES.test(url)) return refuse(response, 'misdirected');
    const { origin } = request.headers;
    return origin === undefined || this.#admitsOrigin(origin, request, response);
  }

  /** Answers what never became a request; its connection ends. */
  refuseUnread(error: NodeJS.ErrnoException, socket: Duplex): void {
    // Bytes in the middle of an answer would be read as a part of it.
    const answering: unknown = Reflect.get(socket, '_httpMessage');
    if (!socket.writable || (answering instanceof ServerResponse && answering.headersSent)) {
      socket.destroy();
      return;
    }
    const code = UNREAD[error.code ?? ''] ?? 'bad_request';
    const { status, text } = ERRORS[code];
    const body = JSON.stringify({ detail: text, code });
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...[...this.#headers, ['Content-Type', JSON_TYPE], ['Content-Length', body.length], ['Connection', 'close']].map(
        ([name, value]) => `${name}: ${value}`,
      ),
    ];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  }

  #knowsHost(host: string | undefined): boolean {
    if (this.#hosts.has('*')) return true;
    if (host === undefined) return false;
    return this.#hosts.has(host.replace(/:\d{1,5}$/, '').toLowerCase());
  }

  #admitsOrigin(origin: string, request: IncomingMessage, response: ServerResponse): boolean {
    const open = FOR_EVERY_ORIGIN.test(request.url ?? '');
    const allowed = open || this.#origins.has('*') || this.#origins.has(origin);
    response.setHeader('Vary', 'Authorization, Origin');
    // Whatever CORS says: the "Origin" rule of the MCP transport, in every revision.
    if (!allowed && request.context.mcpDoor) return refuse(response, 'origin_not_allowed');
    if (!allowed || !this.settings.corsEnabled) return true;
    response.setHeader('Access-Control-Allow-Origin', open ? '*' : origin);
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return true;
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE');
    // Mcp-Param-* names are open-ended, so the asked names are reflected; a fixed list can't cover them.
    response.setHeader(
      'Access-Control-Allow-Headers',
      request.headers['access-control-request-headers'] ?? 'Authorization',
    );
    response.setHeader('Access-Control-Max-Age', '600');
    response.writeHead(204).end();
    return false;
  }
}

function refuse(response: ServerResponse, code: ErrorCode, detail: string = ERRORS[code].text): false {
  const body = JSON.stringify({ detail, code });
  response.setHeader('Content-Type', JSON_TYPE);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.writeHead(ERRORS[code].status).end(body);
  return false;
}

/** What developers run beside a gateway on their own machine. */
function localOrigins({ environment, port }: HttpSettings): string[] {
  if (environment === 'production') return [];
  const ports = ['', `:${port}`, ':3000', ':8080'];
  return ['localhost', '127.0.0.1'].flatMap((host) => ports.map((suffix) => `http://${host}${suffix}`));
}

function securityHeaders(settings: HttpSettings): [string, string][] {
  const always: [string, string][] = [
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', 'DENY'],
    ['X-XSS-Protection', '0'],
    ['X-Download-Options', 'noopen'],
    ['Referrer-Policy', 'strict-origin-when-cross-origin'],
    ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
    ['Cache-Control', 'no-store, private'],
    ['Vary', 'Authorization, Origin'],
  ];
  return settings.hsts && settings.appDomain.startsWith('https:')
    ? [...always, ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains']]
    : always;
}
