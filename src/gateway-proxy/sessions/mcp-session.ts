import type { JsonObject, LogLevel, Revision } from '#libs/mcp';

/** What a client of an older revision and the gate agreed on at `initialize`. It travels in the session id itself. */
export interface McpSession {
  /** Names what the store holds for it; the client knows only the sealed handle. */
  readonly id: string;
  /** undefined for `/mcp`. */
  readonly serverId: string | undefined;
  readonly revision: Revision;
  /** Those the gate relays. */
  readonly capabilities: JsonObject;
  /** The session is a stream of HTTP+SSE and ends with it. */
  readonly sse?: true;
}

/** What `initialize` settles. */
export type Opening = Pick<McpSession, 'revision' | 'capabilities'>;

/** What a session has come to since. */
export interface McpSessionState {
  /** Least severe log message that the client asked for. */
  readonly logLevel: LogLevel | undefined;
  /** The URIs that the client subscribed to. */
  readonly subscriptions: readonly string[];
  /** Sealed handshakes with upstreams, by the name of the upstream. */
  readonly upstreams: ReadonlyMap<string, string>;
  /** The ids of tasks as the client knows them, by what names them here. */
  readonly tasks: ReadonlyMap<string, string>;
  /** Of a session over HTTP+SSE, whose id is older than its `initialize`. */
  readonly opening: Opening | undefined;
}

export const NO_STATE: McpSessionState = {
  logLevel: undefined,
  subscriptions: [],
  upstreams: new Map(),
  tasks: new Map(),
  opening: undefined,
};
