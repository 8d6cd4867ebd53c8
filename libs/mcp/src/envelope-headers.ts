import type { IncomingHttpHeaders } from 'node:http';
import { trimOws } from './header-value.js';

/** The headers that the body is compared with. Values have no white space at their ends. */
export interface EnvelopeHeaders {
  readonly accept: string | undefined;
  readonly version: string | undefined;
  readonly method: string | undefined;
  /** Still encoded. */
  readonly name: string | undefined;
  readonly hasSession: boolean;
  /** Which of version, method and name came more than once: then nobody can say which one an intermediary obeyed. */
  readonly repeated: string | undefined;
}

const COMPARED = ['mcp-protocol-version', 'mcp-method', 'mcp-name'];

export function readEnvelopeHeaders(headers: IncomingHttpHeaders, raw: readonly string[] | undefined): EnvelopeHeaders {
  return {
    accept: headers.accept,
    version: single(headers['mcp-protocol-version']),
    method: single(headers['mcp-method']),
    name: single(headers['mcp-name']),
    hasSession: headers['mcp-session-id'] !== undefined,
    repeated: COMPARED.find((key) => isRepeated(key, headers[key], raw)),
  };
}

function single(value: string | string[] | undefined): string | undefined {
  return value === undefined ? undefined : trimOws(typeof value === 'string' ? value : value.join(', '));
}

/** Node joins repeated headers with a comma, so only a value with a comma can be a repeated one. */
function isRepeated(key: string, value: string | string[] | undefined, raw: readonly string[] | undefined): boolean {
  if (typeof value !== 'string') return value !== undefined;
  if (raw === undefined || !value.includes(',')) return false;
  let seen = 0;
  for (let i = 0; i < raw.length; i += 2) if (raw[i]?.toLowerCase() === key) seen++;
  return seen > 1;
}
