import { isJsonObject, type JsonObject } from './json-rpc.js';

/** What of a client's capabilities the gate can relay, member by member; whatever else a client can do stays with it. */
const RELAYED: Shape = {
  sampling: { context: {}, tools: {} },
  elicitation: { form: {}, url: {} },
  roots: { listChanged: true },
};

/** What the gate declares where it speaks for all its clients at once: of 2026-07-28, where roots do not announce changes. */
export const CAPABILITIES_OF_ALL: JsonObject = { ...RELAYED, roots: {} };

type Shape = { readonly [member: string]: Shape | true };

/**
 * The part of `ClientCapabilities` (2025-11-25, 2026-07-28) that may be declared to upstreams on behalf of a client:
 * small, of known members only.
 */
export function relayedCapabilities(given: unknown): JsonObject {
  return isJsonObject(given) ? within(given, RELAYED) : {};
}

function within(given: JsonObject, shape: Shape): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const [member, inner] of Object.entries(shape)) {
    const value = given[member];
    if (inner === true) {
      if (value === true) kept[member] = true;
    } else if (isJsonObject(value)) kept[member] = within(value, inner);
  }
  return kept;
}
