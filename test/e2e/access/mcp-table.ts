import type { Kind } from './registry-rows.js';

/** An MCP method as the documentation has it. */
export interface McpRow {
  readonly method: string;
  /** Empty where it asks for none beyond that of the endpoint. */
  readonly permission: string;
  /** `nothing`, `list` or `one`. */
  readonly about: string;
  readonly kind: Kind;
  /** What an unknown one is told, in the legacy and in the modern era. */
  readonly unknown: readonly [string, string];
  /** JSON, with NAME for the name of the gateway of a row. */
  readonly params: string;
  /** What those are told who may; an error where the method lacks something else here, such as a session. */
  readonly allowed: string;
}

// method | permission | about | kind | what an unknown one is told, then in the modern era | params | what who may is told, where not ok
const TABLE = `
  initialize               |                | nothing | | | {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
  ping                     |                | nothing
  logging/setLevel         |                | nothing | | | {"level": "info"}
  server/discover          |                | nothing
  tools/list               | tools.read     | list | tool
  resources/list           | resources.read | list | resource
  resources/templates/list | resources.read | list | template
  prompts/list             | prompts.read   | list | prompt
  tools/call               | tools.execute  | one  | tool     | -32602        | {"name": "NAME-run", "arguments": {}}
  prompts/get              | prompts.read   | one  | prompt   | -32602        | {"name": "NAME-ask"}
  resources/read           | resources.read | one  | resource | -32002 -32602 | {"uri": "test://NAME/thing"}
  tools/call               | tools.execute  | one  | kept tool     | -32602        | {"name": "NAME-kept-run", "arguments": {}}
  prompts/get              | prompts.read   | one  | kept prompt   | -32602        | {"name": "NAME-kept-ask"}
  resources/read           | resources.read | one  | kept resource | -32002 -32602 | {"uri": "test://NAME-kept/thing"}
  completion/complete      | prompts.read   | one  | kept prompt   | -32602        | {"ref": {"type": "ref/prompt", "name": "NAME-kept-ask"}, "argument": {"name": "a", "value": "x"}}
  resources/subscribe      | resources.read | one  | resource | -32002        | {"uri": "test://NAME/thing"} | 200 -32600
  resources/unsubscribe    |                | nothing | |               | {"uri": "test://x"} | 200 -32600
  subscriptions/listen     |                | nothing | |               | {} | 200 -32602
  tasks/get                | tools.execute  | nothing | |               | {"taskId": "x"} | 400 -32021
  tasks/update             | tools.execute  | nothing | |               | {"taskId": "x"} | 400 -32021
  tasks/cancel             | tools.execute  | nothing | |               | {"taskId": "x"} | 400 -32021
  resources/read           | resources.read | one  | template | -32002 -32602 | {"uri": "test://NAME/things/7"}
  completion/complete      | prompts.read   | one  | prompt   | -32602        | {"ref": {"type": "ref/prompt", "name": "NAME-ask"}, "argument": {"name": "a", "value": "x"}}
  completion/complete      | resources.read | one  | template | -32602        | {"ref": {"type": "ref/resource", "uri": "test://NAME/things/{id}"}, "argument": {"name": "id", "value": "x"}}
`;

/** Every method that the gate answers; the others are unknown to it. */
export const MCP_METHODS: readonly McpRow[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [method = '', permission = '', about = '', kind = '', codes = '', params = '', allowed = ''] = line
      .split('|')
      .map((part) => part.trim());
    const [legacy = '', modern = legacy] = codes.split(' ');
    return {
      method,
      permission,
      about,
      kind: kind as Kind,
      unknown: [legacy, modern],
      params: params || '{}',
      allowed: allowed || 'ok',
    };
  });
