import type { JsonObject } from '#libs/mcp';

export const REQUEST_TYPES = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;
export type RequestType = (typeof REQUEST_TYPES)[number];

/** How the gateway calls a tool that it keeps, but for the credential; stored in the row's `kept`. */
export type RestCall = {
  readonly requestType: RequestType;
  /** http or https; its path may hold `{argument}`, its query belongs to every call. */
  readonly url: string;
  /** Sent with every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of query members by the arguments that they carry. */
  readonly queryMapping: Readonly<Record<string, string>>;
  /** Names of headers by the arguments that they carry. */
  readonly headerMapping: Readonly<Record<string, string>>;
  /** For a whole call, milliseconds. */
  readonly timeoutMs: number;
  /** Hosts that may be called; all of them when it is empty. */
  readonly allowlist: readonly string[];
  /** What of a JSON answer is passed on; all of it without one. */
  readonly jsonpathFilter: string | null;
};

/** Of a row that was written from a {@link RestCall}. */
export const restCallOf = (kept: JsonObject): RestCall => kept as RestCall;

/** Whether the arguments that are mapped nowhere go into a JSON body; otherwise they go into the query. */
export const hasBody = (type: RequestType): boolean => type !== 'GET' && type !== 'DELETE';
