import type { JsonObject } from '#libs/mcp';

/** A JSON-RPC error as its sender wrote it. */
export interface CallError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** What comes back from a call: a result, or an error in its place. */
interface Outcome {
  /** Without what the protocol keeps for itself, such as `requestState`; empty where there is an error. */
  readonly result: JsonObject;
  readonly error?: CallError;
}

export interface ToolPreInvoke {
  /** The name by which the upstream knows the tool; a plugin can't send a call to another one. */
  readonly name: string;
  readonly args: JsonObject;
  /** Of the request, in lower case, without credentials of the gateway. What a plugin sets or changes goes to the upstream. */
  readonly headers: Readonly<Record<string, string>>;
  /** It asks for a task, or goes on where it was asked something: what it comes to does not depend on its arguments alone. */
  readonly stateful?: true;
}

export interface ToolPostInvoke extends Outcome {
  readonly name: string;
}

export interface PromptPreFetch {
  readonly promptId: string;
  readonly args: JsonObject;
}

/** `result` has `messages` and `description`. */
export interface PromptPostFetch extends Outcome {
  readonly promptId: string;
}

export interface ResourcePreFetch {
  /** A plugin can't send a call to another one. */
  readonly uri: string;
  /** Empty at first. Its `headers`, an object of texts, go to the upstream. */
  readonly metadata: JsonObject;
}

/** `result` has `contents`. */
export interface ResourcePostFetch extends Outcome {
  readonly uri: string;
}

export interface AgentPreInvoke {
  readonly agentId: string;
  readonly messages: readonly unknown[];
  readonly tools?: readonly string[];
  readonly model?: string;
  readonly systemPrompt?: string;
  readonly parameters: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

export interface AgentPostInvoke {
  readonly agentId: string;
  readonly messages: readonly unknown[];
  readonly toolCalls?: readonly unknown[];
}

/** Everything else that passes in the middle of calls: progress, log messages, questions and their answers, completions. */
export interface StreamMessage {
  readonly direction: 'to_client' | 'to_upstream';
  /** Of the message, or of the question that it answers where that is known. */
  readonly method: string;
  /** `params` of a request or notification, `result` or `error` of an answer. */
  readonly body: JsonObject;
}

/** A definition that an upstream, or a person, brings into the catalogue. */
export interface CatalogScan {
  readonly kind: 'tool' | 'prompt' | 'resource';
  /** The name or URI by which the upstream knows it. */
  readonly name: string;
  readonly definition: JsonObject;
}

export interface HttpPreRequest {
  readonly path: string;
  readonly method: string;
  readonly clientHost: string;
  readonly clientPort: number | undefined;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpPostRequest extends HttpPreRequest {
  readonly statusCode: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
}

export interface HttpAuthResolveUser {
  /** The bearer token or API key that was presented; undefined without one. */
  readonly credentials: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly clientHost: string;
  readonly clientPort: number | undefined;
}

export interface HttpAuthCheckPermission {
  readonly userEmail: string;
  readonly permission: string;
  readonly resourceType: string | undefined;
  readonly teamId: string | undefined;
  readonly isAdmin: boolean;
  readonly authMethod: string;
  readonly clientHost: string;
  readonly userAgent: string;
}

/** The hooks, by the names of the contract, and what each is given. `catalog_scan` and `stream_message` are our own. */
export interface HookPayloads {
  prompt_pre_fetch: PromptPreFetch;
  prompt_post_fetch: PromptPostFetch;
  tool_pre_invoke: ToolPreInvoke;
  tool_post_invoke: ToolPostInvoke;
  resource_pre_fetch: ResourcePreFetch;
  resource_post_fetch: ResourcePostFetch;
  agent_pre_invoke: AgentPreInvoke;
  agent_post_invoke: AgentPostInvoke;
  stream_message: StreamMessage;
  catalog_scan: CatalogScan;
  http_pre_request: HttpPreRequest;
  http_post_request: HttpPostRequest;
  http_auth_resolve_user: HttpAuthResolveUser;
  http_auth_check_permission: HttpAuthCheckPermission;
}

export type Hook = keyof HookPayloads;

/** What a hook's payload may be changed in; anything else that a plugin returns differently is an error of the plugin. */
export const WRITABLE: { readonly [H in Hook]: readonly (keyof HookPayloads[H])[] } = {
  prompt_pre_fetch: ['args'],
  prompt_post_fetch: ['result', 'error'],
  tool_pre_invoke: ['args', 'headers'],
  tool_post_invoke: ['result', 'error'],
  resource_pre_fetch: ['metadata'],
  resource_post_fetch: ['result', 'error'],
  agent_pre_invoke: ['messages', 'tools', 'model', 'systemPrompt', 'parameters', 'headers'],
  agent_post_invoke: ['messages', 'toolCalls'],
  stream_message: ['body'],
  catalog_scan: ['definition'],
  http_pre_request: ['headers'],
  http_post_request: ['responseHeaders'],
  http_auth_resolve_user: [],
  http_auth_check_permission: [],
};

export const HOOKS = Object.keys(WRITABLE) as readonly Hook[];
