import type { IncomingHttpHeaders } from 'node:http';
import { trimOws } from './header-value.js';
import { isRepeatedHeader } from './repeated-header.js';
import { type Revision, SERVED_LEGACY, SERVED_SSE } from './revisions.js';

/** The headers that the body is compared with. Values have no white space at their ends. */
export interface EnvelopeHeaders {
  readonly accept: string | undefined;
  readonly version: string | undefined;
  readonly method: string | undefined;
  /** Still encoded. */
  readonly name: string | undefined;
  readonly hasSession: boolean;
  /** The revisions with sessions that are spoken here, newest first. */
  readonly served: readonly Revision[];
  /** Which of version, method and name came more than once: then nobody can say which one an intermediary obeyed. */
  readonly repeated: string | undefined;
}

const COMPARED = ['mcp-protocol-version', 'mcp-method', 'mcp-name'];

/** @param overSse the message belongs to a stream of HTTP+SSE, which is a session */
export function readEnvelopeHeaders(
  headers: IncomingHttpHeaders,
  raw: readonly string[] | undefined,
  overSse = false,
): EnvelopeHeaders {
  return {
    accept: headers.accept,
    version: single(headers['mcp-protocol-version']),
    method: single(headers['mcp-method']),
    name: single(headers['mcp-name']),
    hasSession: overSse || headers['mcp-session-id'] !== undefined,
    served: overSse ? SERVED_SSE : SERVED_LEGACY,
    repeated: COMPARED.find((key) => isRepeatedHeader(key, headers[key], raw)),
  };
}

function single(value: string | string[] | undefined): string | undefined {
  return value === undefined ? undefined : trimOws(typeof value === 'string' ? value : value.join(', '));
}
