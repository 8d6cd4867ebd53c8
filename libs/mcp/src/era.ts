import { EnvelopeRefusal } from './envelope-refusal.js';
import { RPC_CODES } from './json-rpc.js';
import type { Message } from './message.js';
import { META_KEYS } from './meta-keys.js';
import { namesModern, type Era } from './revisions.js';

/** Whether a call names its revision in its own body, which is what makes it modern. */
export function claimsModern(message: Message): boolean {
  return message.meta !== undefined && message.meta[META_KEYS.protocolVersion] !== undefined;
}

/**
 * Step 7 of the ladder. The body decides and the version header only fills in; `Mcp-Method`, `Mcp-Name` and
 * `Mcp-Session-Id` say nothing about the era, clients of either send them.
 */
export function eraOf(message: Message, version: string | undefined): Era | EnvelopeRefusal {
  if (claimsModern(message)) return 'modern';
  if (version === undefined || !namesModern(version)) return 'legacy';
  if (message.kind === 'notification') return 'modern';
  if (message.kind === 'response') {
    const text = 'MCP-Protocol-Version names a revision in which clients send no responses';
    return new EnvelopeRefusal(400, RPC_CODES.invalidRequest, text, message.id);
  }
  if (message.method === 'initialize') {
    const text = 'initialize opens a legacy session, but MCP-Protocol-Version names a revision without sessions';
    return new EnvelopeRefusal(400, RPC_CODES.headerMismatch, text, message.id);
  }
  const text = `params._meta["${META_KEYS.protocolVersion}"] is missing, and MCP-Protocol-Version names a revision that requires it`;
  return new EnvelopeRefusal(400, RPC_CODES.invalidParams, text, message.id);
}
