import type { JsonObject } from '#libs/mcp';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';

/** What a model reads of a tool, and what is sent to it. */
const MEMBERS = ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations'];

export interface CanonicalDefinition {
  /** JSON in the form of RFC 8785. */
  readonly text: string;
  /** SHA-256 of it, hexadecimal. */
  readonly hash: string;
}

/** A tool's definition in the one form in which the same is always written alike. */
export function canonicalDefinition(definition: JsonObject): CanonicalDefinition {
  const own = Object.fromEntries(MEMBERS.filter((name) => name in definition).map((name) => [name, definition[name]]));
  const text = canonicalText(own);
  return { text, hash: createHash('sha256').update(text).digest('hex') };
}

/** RFC 8785 has no form for half of a surrogate pair: then the order of members counts too. */
function canonicalText(value: JsonObject): string {
  try {
    return canonicalize(value) ?? '';
  } catch {
    return JSON.stringify(value);
  }
}
