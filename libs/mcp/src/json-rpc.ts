/** Ids are strings or safe integers, never null or a fraction. */
export type JsonRpcId = string | number;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON-RPC and MCP error codes the gate uses. New codes of our own are forbidden in this range. */
export const RPC_CODES = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Legacy only; modern says invalidParams. */
  resourceNotFound: -32002,
  headerMismatch: -32020,
  missingClientCapability: -32021,
  unsupportedVersion: -32022,
} as const;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An error answer. The MCP schema has no null id, so an unknown one is left out. */
export function errorBody(id: JsonRpcId | undefined, code: number, message: string, data?: unknown): string {
  const head = id === undefined ? '{"jsonrpc":"2.0"' : `{"jsonrpc":"2.0","id":${JSON.stringify(id)}`;
  const tail = data === undefined ? '}}' : `,"data":${JSON.stringify(data)}}}`;
  return `${head},"error":{"code":${code},"message":${JSON.stringify(message)}${tail}`;
}

/** A result answer of raw JSON parts: the id as the client wrote it (`rawId` of a call) and a serialised result. */
export function resultBody(rawId: string, resultJson: string): string {
  return `{"jsonrpc":"2.0","id":${rawId},"result":${resultJson}}`;
}
