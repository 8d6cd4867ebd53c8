import type { EnvelopeHeaders } from './envelope-headers.js';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { RPC_CODES } from './json-rpc.js';
import { mcpCall, type McpCall } from './mcp-call.js';
import type { Message } from './message.js';
import { META_KEYS } from './meta-keys.js';
import { REQUEST_METHODS, unknownMethod } from './methods.js';
import { standardHeaderMismatch } from './modern-headers.js';
import { modernMetaFault } from './modern-meta.js';
import { servedModern, type Revision } from './revisions.js';
import { missingTarget, targetOf } from './target.js';
import { unsupportedVersion } from './unsupported-version.js';

const NO_META = {};

/** Steps 8 and 9 of the ladder. */
export function openModern(message: Message, headers: EnvelopeHeaders): McpCall | EnvelopeRefusal {
  return message.kind === 'request' ? openRequest(message, headers) : openNotification(message, headers);
}

function openRequest(message: Message, headers: EnvelopeHeaders): McpCall | EnvelopeRefusal {
  const fault = modernMetaFault(message.meta ?? NO_META);
  if (fault !== undefined) return refuse(message, RPC_CODES.invalidParams, fault);
  const revision = revisionOf(message, headers);
  if (revision instanceof EnvelopeRefusal) return revision;
  const method = REQUEST_METHODS.get(message.method);
  const target = method?.modern === true ? method.target : undefined;
  const mismatch = standardHeaderMismatch(message, headers, target);
  if (mismatch !== undefined) return refuse(message, RPC_CODES.headerMismatch, mismatch);
  if (method?.modern !== true) {
    return new EnvelopeRefusal(404, RPC_CODES.methodNotFound, unknownMethod(message.method), message.id);
  }
  const targetName = target === undefined ? undefined : targetOf(message, target);
  if (target !== undefined && targetName === undefined) {
    return new EnvelopeRefusal(200, RPC_CODES.invalidParams, missingTarget(message, target), message.id);
  }
  return mcpCall(message, 'modern', revision, targetName);
}

/** The protocol asks nothing of notifications, but what one does carry has to be true. */
function openNotification(message: Message, headers: EnvelopeHeaders): McpCall | EnvelopeRefusal {
  const revision = revisionOf(message, headers);
  if (revision instanceof EnvelopeRefusal) return revision;
  if (headers.repeated !== undefined || (headers.method !== undefined && headers.method !== message.method)) {
    return refuse(message, RPC_CODES.headerMismatch, 'Mcp-Method must equal method');
  }
  return mcpCall(message, 'modern', revision, undefined);
}

function revisionOf(message: Message, headers: EnvelopeHeaders): Revision | EnvelopeRefusal {
  const inBody = message.meta?.[META_KEYS.protocolVersion];
  const claimed = inBody === undefined ? headers.version : inBody;
  const field = `params._meta["${META_KEYS.protocolVersion}"]`;
  if (typeof claimed !== 'string') return refuse(message, RPC_CODES.invalidParams, `${field} must be a string`);
  if (headers.version !== undefined && headers.version !== claimed) {
    return refuse(message, RPC_CODES.headerMismatch, `MCP-Protocol-Version must equal ${field}`);
  }
  return servedModern(claimed) ?? unsupportedVersion(message.id, claimed, RPC_CODES.unsupportedVersion);
}

function refuse(message: Message, code: number, text: string): EnvelopeRefusal {
  return new EnvelopeRefusal(400, code, text, message.id);
}
