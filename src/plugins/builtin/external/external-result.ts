import { isJsonObject, type JsonObject } from '#libs/mcp';
import { PluginFaultError } from '../../chain/run-hook.js';
import type { Violation } from '../../plugin.js';

/** What a server says of one payload. */
export interface ExternalResult {
  /** As it came. */
  readonly payload: unknown;
  readonly violation: Violation | undefined;
  readonly metadata: JsonObject | undefined;
}

const MOST_DETAILS = 8192;
const MOST_METADATA = 16_384;
const CODE = /^[\w.:-]{1,64}$/;

/**
 * Reads `{result}`, or throws for `{error}` and for what is neither.
 * @throws PluginFaultError
 */
export function readResult({ result, error }: JsonObject): ExternalResult {
  if (error !== undefined && error !== null) throw new PluginFaultError(`failed${codeOf(error)}`);
  if (!isJsonObject(result)) throw new PluginFaultError('returned neither a result nor an error');
  const { continue_processing: goesOn = true, modified_payload: payload, violation, metadata } = result;
  if (typeof goesOn !== 'boolean') throw new PluginFaultError('returned a continue_processing that is no boolean');
  return {
    payload,
    violation: goesOn ? undefined : readViolation(violation),
    metadata: small(metadata, MOST_METADATA),
  };
}

function readViolation(given: unknown): Violation {
  const violation = isJsonObject(given) ? given : {};
  const { code, details, mcp_error_code: rpc, http_status_code: status, http_headers: headers } = violation;
  const text = (key: string, most: number, otherwise: string): string => {
    const value = violation[key];
    return typeof value === 'string' && value !== '' ? value.slice(0, most) : otherwise;
  };
  const shown = small(details, MOST_DETAILS);
  return {
    reason: text('reason', 256, 'Blocked by an external plugin'),
    description: text('description', 1024, 'An external plugin does not allow this'),
    code: typeof code === 'string' && CODE.test(code) ? code : 'BLOCKED',
    ...(shown && { details: shown }),
    ...(typeof rpc === 'number' && Number.isInteger(rpc) && { mcpErrorCode: rpc }),
    ...(typeof status === 'number' && { httpStatus: status }),
    ...(isJsonObject(headers) && { httpHeaders: texts(headers) }),
  };
}

function codeOf(error: unknown): string {
  const code = isJsonObject(error) ? error['code'] : undefined;
  return typeof code === 'string' && CODE.test(code) ? ` (${code})` : '';
}

const small = (value: unknown, most: number): JsonObject | undefined =>
  isJsonObject(value) && Object.keys(value).length > 0 && JSON.stringify(value).length <= most ? value : undefined;

const texts = (given: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
