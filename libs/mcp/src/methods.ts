/** The member of `params` that says what a method acts on. */
export type TargetMember = 'name' | 'uri' | 'taskId';

/** What the envelope has to know about a request method. */
export interface RequestMethod {
  readonly legacy: boolean;
  readonly modern: boolean;
  readonly target: TargetMember | undefined;
  /** 2026-07-28: the result carries `ttlMs` and `cacheScope`. */
  readonly cacheable: boolean;
}

function method(eras: 'legacy' | 'modern' | 'both', target?: TargetMember, cacheable = false): RequestMethod {
  return { legacy: eras !== 'modern', modern: eras !== 'legacy', target, cacheable };
}

/** Every request a client may send. On modern `Mcp-Name` mirrors the target of each method that has one. */
export const REQUEST_METHODS: ReadonlyMap<string, RequestMethod> = new Map([
  ['initialize', method('legacy')],
  ['ping', method('legacy')],
  ['server/discover', method('modern', undefined, true)],
  ['tools/list', method('both', undefined, true)],
  ['tools/call', method('both', 'name')],
  ['prompts/list', method('both', undefined, true)],
  ['prompts/get', method('both', 'name')],
  ['resources/list', method('both', undefined, true)],
  ['resources/templates/list', method('both', undefined, true)],
  ['resources/read', method('both', 'uri', true)],
  ['resources/subscribe', method('legacy', 'uri')],
  ['resources/unsubscribe', method('legacy', 'uri')],
  ['subscriptions/listen', method('modern')],
  ['completion/complete', method('both')],
  ['logging/setLevel', method('legacy')],
  ['tasks/get', method('both', 'taskId')],
  ['tasks/update', method('modern', 'taskId')],
  ['tasks/cancel', method('both', 'taskId')],
  ['tasks/result', method('legacy', 'taskId')],
  ['tasks/list', method('legacy')],
]);

/** What the plain JSON-RPC door answers beside them, in the legacy era. */
const RPC_METHODS: ReadonlyMap<string, RequestMethod> = new Map([
  ['list_tools', method('legacy')],
  ['list_gateways', method('legacy')],
]);

/** A method of the legacy era, as a door knows it. A notification with an id is a request there that older clients send. */
export function legacyMethod(name: string, door: 'mcp' | 'rpc' | 'sse'): RequestMethod | undefined {
  const found = REQUEST_METHODS.get(name);
  if (found?.legacy) return found;
  if (door !== 'rpc') return undefined;
  return name.startsWith(NOTIFICATION) ? method('legacy') : RPC_METHODS.get(name);
}

export const NOTIFICATION = 'notifications/';

/** Notifications a client may send; any other is accepted and dropped. On modern only stdio has one. */
export const CLIENT_NOTIFICATIONS: ReadonlyMap<string, { readonly legacy: boolean; readonly modern: boolean }> =
  new Map([
    ['notifications/initialized', { legacy: true, modern: false }],
    ['notifications/cancelled', { legacy: true, modern: true }],
    ['notifications/progress', { legacy: true, modern: false }],
    ['notifications/roots/list_changed', { legacy: true, modern: false }],
    ['notifications/tasks/status', { legacy: true, modern: false }],
  ]);

/** In the middle of these a server may ask its client something (2026-07-28, `input_required`). */
export const CAN_ASK: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Requests a legacy server may send to its client. */
export const SERVER_REQUESTS: ReadonlySet<string> = new Set([
  'ping',
  'roots/list',
  'sampling/createMessage',
  'elicitation/create',
]);

/** What a caller of a method that is not served is told. */
export function unknownMethod(name: string): string {
  const text = `Method not found: ${name}`;
  if (name === 'list_roots' || name === 'roots/list') return `${text}; roots are kept by clients, the gateway has none`;
  return SERVER_REQUESTS.has(name) && name !== 'ping' ? `${text}; servers ask it of clients, in a session` : text;
}
