import type { EnvelopeHeaders } from './envelope-headers.js';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { RPC_CODES } from './json-rpc.js';
import { mcpCall, type McpCall } from './mcp-call.js';
import type { Message } from './message.js';
import { legacyMethod, unknownMethod } from './methods.js';
import { progressTokenFault } from './progress-token.js';
import { ASSUMED_LEGACY, NEWEST_LEGACY, type Revision, SERVED, SERVED_SSE } from './revisions.js';
import { missingTarget, targetOf } from './target.js';
import { unsupportedVersion } from './unsupported-version.js';

/** Step 9 of the ladder and the rules for a legacy POST that hold without knowing the session. */
export function openLegacy(
  message: Message,
  headers: EnvelopeHeaders,
  door: 'mcp' | 'rpc' | 'sse',
): McpCall | EnvelopeRefusal {
  if (message.kind === 'response' && !headers.hasSession) {
    return new EnvelopeRefusal(400, RPC_CODES.invalidRequest, 'a response needs a session', message.id);
  }
  if (message.kind !== 'request') {
    const revision = revisionByHeader(message, headers);
    return revision instanceof EnvelopeRefusal ? revision : mcpCall(message, 'legacy', revision, undefined);
  }
  return openRequest(message, headers, door);
}

function openRequest(
  message: Message,
  headers: EnvelopeHeaders,
  door: 'mcp' | 'rpc' | 'sse',
): McpCall | EnvelopeRefusal {
  // A version header on `initialize` is early, not wrong: there the body negotiates.
  const revision = message.method === 'initialize' ? negotiated(message, headers) : revisionByHeader(message, headers);
  if (revision instanceof EnvelopeRefusal) return revision;
  const method = legacyMethod(message.method, door);
  if (!method) return refuse(message, RPC_CODES.methodNotFound, unknownMethod(message.method));
  const targetName = method.target === undefined ? undefined : targetOf(message, method.target);
  if (method.target !== undefined && targetName === undefined) {
    return refuse(message, RPC_CODES.invalidParams, missingTarget(message, method.target));
  }
  const fault = message.meta && progressTokenFault(message.meta);
  if (fault !== undefined) return refuse(message, RPC_CODES.invalidParams, fault);
  return mcpCall(message, 'legacy', revision, targetName);
}

/** The asked revision if it is served, else our newest one of that era (never a modern one). */
function negotiated(message: Message, { served }: EnvelopeHeaders): Revision | EnvelopeRefusal {
  const asked = message.params?.['protocolVersion'];
  if (typeof asked !== 'string')
    return refuse(message, RPC_CODES.invalidParams, 'params.protocolVersion must be a string');
  return served.find((revision) => revision === asked) ?? NEWEST_LEGACY;
}

/** What the session was told to speak outranks this; without session and header the specification assumes 2025-03-26. */
function revisionByHeader(message: Message, headers: EnvelopeHeaders): Revision | EnvelopeRefusal {
  const { version, served } = headers;
  if (version === undefined) return ASSUMED_LEGACY;
  const spoken = served.find((revision) => revision === version);
  const supported = served === SERVED_SSE ? SERVED_SSE : SERVED;
  return spoken ?? unsupportedVersion(message.id, version, RPC_CODES.invalidRequest, supported);
}

/** Legacy errors travel in answers that HTTP calls fine. */
function refuse(message: Message, code: number, text: string): EnvelopeRefusal {
  return new EnvelopeRefusal(200, code, text, message.id);
}
