import { encodeHeaderValue } from '../header-value.js';
import { type ParamHeader, paramHeadersFor } from '../param-headers.js';
import type { Revision } from '../revisions.js';
import type { UpstreamTarget } from './upstream-target.js';

/** A modern request as its outgoing body has it: after the name was un-prefixed and arguments were rewritten. */
export interface OutgoingRequest {
  readonly method: string;
  /** `params.name`, `params.uri` or `params.taskId`, for the methods that have one. */
  readonly targetName?: string | undefined;
  /** `params.arguments` of a tools/call. */
  readonly args?: unknown;
  /** The `x-mcp-header` list of the tool that is called. */
  readonly paramHeaders?: readonly ParamHeader[];
}

/** What the headers of a legacy session are made of. */
export interface SessionCoordinates {
  readonly id: string | undefined;
  readonly revision: Revision;
}

type Headers = Record<string, string>;

const ACCEPT = { accept: 'application/json, text/event-stream' };
const JSON_BODY = { 'content-type': 'application/json' };

// A credential must not take the place of a header that frames the message or says what it means.
const NOT_CREDENTIALS = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const cleaned = new WeakMap<object, Headers>();

/**
 * Headers of a POST to a modern upstream (2026-07-28). Of the client's headers come those of `passedOn` alone: `Mcp-Name` and
 * `Mcp-Param-*` are made anew from the body that goes out, since the upstream compares them with it.
 */
export function modernHeaders(target: UpstreamTarget, revision: Revision, request: OutgoingRequest): Headers {
  const { method, targetName, args, paramHeaders } = request;
  const headers: Headers = {
    ...ACCEPT,
    ...target.passedOn,
    ...credentialHeaders(target),
    ...JSON_BODY,
    'mcp-protocol-version': revision,
    'mcp-method': method,
  };
  if (targetName !== undefined) headers['mcp-name'] = encodeHeaderValue(targetName);
  return paramHeaders?.length ? Object.assign(headers, paramHeadersFor(paramHeaders, args)) : headers;
}

/** Headers of a POST to a legacy upstream; without a session, those of `initialize`. */
export function legacyHeaders(target: UpstreamTarget, session?: SessionCoordinates): Headers {
  return { ...legacyStreamHeaders(target, session), ...JSON_BODY };
}

/** Headers of a GET (standalone stream, resumption) or DELETE of a legacy session. */
export function legacyStreamHeaders(target: UpstreamTarget, session?: SessionCoordinates): Headers {
  const headers: Headers = { ...ACCEPT, ...target.passedOn, ...credentialHeaders(target) };
  if (session) headers['mcp-protocol-version'] = session.revision;
  if (session?.id !== undefined) headers['mcp-session-id'] = session.id;
  return headers;
}

/** The target's headers in lower case, so that none of ours can be sent a second time under another spelling. */
function credentialHeaders({ headers }: UpstreamTarget): Headers {
  const known = cleaned.get(headers);
  if (known) return known;
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const kept = entries.filter(([name]) => !NOT_CREDENTIALS.has(name) && !name.startsWith('mcp-param-'));
  const fresh = Object.fromEntries(kept);
  cleaned.set(headers, fresh);
  return fresh;
}

/** The headers of a request with who it is made for. */
export async function withIdentity({ identity }: UpstreamTarget, headers: Headers): Promise<Headers> {
  return identity ? { ...headers, ...(await identity.headers()) } : headers;
}
