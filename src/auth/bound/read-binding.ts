import { isJsonObject } from '#libs/mcp';
import type { TokenBinding } from '#libs/policy';

/** A SHA-256 in base64url, in its one spelling. */
export const THUMBPRINT = /^[\w-]{42}[AEIMQUYcgkosw048]$/;
const METHODS = new Set(['jkt', 'x5t#S256']);

/**
 * The `cnf` of a token (RFC 7800), undefined where it has none. A method that is not known here is one that is not
 * asked for, so it is refused.
 * @returns what is wrong as text
 */
export function readBinding(cnf: unknown): TokenBinding | undefined | string {
  if (cnf === undefined) return undefined;
  if (!isJsonObject(cnf)) return 'malformed cnf field';
  const entries = Object.entries(cnf);
  const sound = entries.every(
    ([method, value]) => METHODS.has(method) && typeof value === 'string' && THUMBPRINT.test(value),
  );
  if (!sound || entries.length === 0) return 'cnf must have the thumbprints jkt or x5t#S256, and nothing else';
  const { jkt, 'x5t#S256': x5t } = cnf as Record<string, string>;
  return { ...(jkt !== undefined && { jkt }), ...(x5t !== undefined && { x5t }) };
}
