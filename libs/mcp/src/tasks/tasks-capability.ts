import { isJsonObject, type JsonObject } from '../json-rpc.js';

/** The extension of 2026-07-28 by which a server may answer a call with a task (SEP-2663). */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';
/** In `_meta`: the task that a message belongs to. */
export const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** What an error -32021 says is missing. */
export const TASKS_REQUIRED: JsonObject = { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } };

/** Whether a client or a server of 2026-07-28 with these capabilities knows the extension. */
export const knowsTasks = (capabilities: JsonObject | undefined): boolean =>
  memberAt(capabilities, ['extensions', TASKS_EXTENSION]) !== undefined;

/** What a server of 2025-11-25 says of tasks; undefined where it makes none of calls of tools. */
export function taskCapabilities(
  capabilities: JsonObject,
): { readonly list: boolean; readonly cancel: boolean } | undefined {
  const has = (...path: readonly string[]): boolean => memberAt(capabilities, ['tasks', ...path]) !== undefined;
  return has('requests', 'tools', 'call') ? { list: has('list'), cancel: has('cancel') } : undefined;
}

function memberAt(from: unknown, path: readonly string[]): JsonObject | undefined {
  let at = from;
  for (const member of path) at = isJsonObject(at) ? at[member] : undefined;
  return isJsonObject(at) ? at : undefined;
}
