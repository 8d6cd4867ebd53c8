import type { Destination } from './destination.js';
import type { Egress } from './egress.js';

export interface FetchLimits {
  /** Bounds the whole call, in milliseconds. */
  readonly timeoutMs: number;
  /** Most bytes of an answer's body. */
  readonly maxBytes: number;
}

/** The statuses that have no body, which `Response` insists on. */
const BODILESS = new Set([204, 205, 304]);

/**
 * The `fetch` (WHATWG) that libraries are given, so that they too go out by the one way: bounded, and with redirects as
 * answers. It rejects with an EgressError.
 * @param wayTo how the server at a URL proves who it is, where that is not as for everybody
 */
export function egressFetch(
  egress: Egress,
  limits: FetchLimits,
  wayTo: (url: URL) => URL | Destination = (url) => url,
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { status, headers, body } = await egress.request(wayTo(new URL(request.url)), {
      method: request.method,
      // Nothing here decodes an answer.
      headers: { ...Object.fromEntries(request.headers), 'accept-encoding': 'identity' },
      ...(request.body && { body: Buffer.from(await request.arrayBuffer()) }),
      signal: request.signal,
      ...limits,
    });
    const pairs = Object.entries(headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((each): [string, string] => [name, each]),
    );
    return new Response(BODILESS.has(status) ? null : new Uint8Array(body), { status, headers: pairs });
  };
}
