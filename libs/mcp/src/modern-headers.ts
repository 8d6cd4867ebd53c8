import type { EnvelopeHeaders } from './envelope-headers.js';
import { decodeHeaderValue } from './header-value.js';
import type { Message } from './message.js';
import type { TargetMember } from './methods.js';
import { targetOf } from './target.js';

/**
 * How the standard headers of a modern request disagree with its body (the version apart, which is compared first).
 * Intermediaries route and judge by these headers, so a call is only let in as what they took it for.
 */
export function standardHeaderMismatch(
  message: Message,
  headers: EnvelopeHeaders,
  target: TargetMember | undefined,
): string | undefined {
  if (headers.repeated !== undefined) return `${headers.repeated} came more than once`;
  if (headers.version === undefined) return 'MCP-Protocol-Version is missing';
  if (headers.method === undefined) return 'Mcp-Method is missing';
  if (headers.method !== message.method) return 'Mcp-Method must equal method';
  return target === undefined ? undefined : nameMismatch(headers.name, targetOf(message, target), target);
}

function nameMismatch(name: string | undefined, target: string | undefined, member: TargetMember): string | undefined {
  // A request without target has bad params; that is for a later step to say, unless a header claims a target.
  if (name === undefined)
    return target === undefined ? undefined : `Mcp-Name is missing, it must equal params.${member}`;
  const decoded = decodeHeaderValue(name);
  if (decoded === undefined) return 'Mcp-Name is not encoded as the protocol asks';
  return decoded === target ? undefined : `Mcp-Name must equal params.${member}`;
}
