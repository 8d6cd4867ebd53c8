import type { IncomingHttpHeaders } from 'node:http';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { RPC_CODES } from './json-rpc.js';
import type { McpCall } from './mcp-call.js';

/** A POST to one of the gate's doors, its body read whole. */
export interface EnvelopeInput {
  /** `mcp`: Streamable HTTP. `rpc`: the plain JSON-RPC door, where no Accept header is asked for. */
  readonly door: 'mcp' | 'rpc';
  readonly headers: IncomingHttpHeaders;
  /** Tells a repeated header from one with a comma in it. */
  readonly rawHeaders?: readonly string[];
  readonly body: Buffer;
  readonly limits: EnvelopeLimits;
}

export interface EnvelopeLimits {
  /** Levels of nesting in the whole body. */
  readonly maxDepth: number;
  /** Elements of a batch. */
  readonly maxBatch: number;
}

/** What came in one POST. `entries` has one element unless `batch`; a malformed element of a batch is its own refusal. */
export interface Envelope {
  readonly batch: boolean;
  readonly entries: readonly (McpCall | EnvelopeRefusal)[];
}

/** Steps 5 to 9 of the ladder: everything that can be judged without a session, a catalogue or a principal. Never throws. */
export function openEnvelope(input: EnvelopeInput): Envelope | EnvelopeRefusal {
  return new EnvelopeRefusal(
    400,
    RPC_CODES.invalidRequest,
    `The body of ${input.body.length} bytes is not read yet`,
    undefined,
  );
}
