import { EnvelopeRefusal } from './envelope-refusal.js';
import type { JsonRpcId } from './json-rpc.js';
import { type Revision, SERVED } from './revisions.js';

const MAX_ECHO = 64;

/** 400 with the list of what is served, so that a client can choose again. Modern clients know the code, others the text. */
export function unsupportedVersion(
  id: JsonRpcId | undefined,
  version: string,
  code: number,
  supported: readonly Revision[] = SERVED,
): EnvelopeRefusal {
  const requested = version.slice(0, MAX_ECHO);
  const text = `Unsupported protocol version: ${requested}. Supported versions: ${supported.join(', ')}`;
  return new EnvelopeRefusal(400, code, text, id, { supported, requested });
}
