import type { McpCall, ParamHeader } from '#libs/mcp';
import type { Response } from 'express';
import type { RequestContext } from '../../http/request-context.js';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import type { CallGuard } from '../../plugins/guard/call-guard.js';
import type { McpSession } from '../sessions/mcp-session.js';
import type { Authorization } from '../oauth/authorized-calls.js';
import type { TaskRelay } from '../tasks/task-relay.js';
import type { GivenHeaders } from './target-of-call.js';

/** One request on its way up. */
export interface ForwardJob {
  readonly call: McpCall;
  readonly gateway: CatalogGateway;
  /** The name or URI by which the upstream knows the target. */
  readonly targetName: string | undefined;
  readonly paramHeaders: readonly ParamHeader[];
  readonly context: RequestContext;
  /** The session of a client that opened one. */
  readonly session: McpSession | undefined;
  /** The request headers of the caller, of which the gateway may pass some on. */
  readonly given: GivenHeaders;
  /** What guardrails set among the headers that go up, in lower case; null for one that must not go. */
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
  /** Looks at all that comes back; undefined where no guardrail does. */
  readonly guard?: CallGuard | undefined;
  readonly response: Response;
  /** The client takes events before the answer; never in a batch. */
  readonly takesEvents: boolean;
  /** The answer must be one body: it becomes an element of a batch. */
  readonly whole: boolean;
  /** Of a call that comes back to a modern upstream: the state as that wrote it. */
  readonly requestState?: string;
  /** Reads what is said of tasks, where the call may make one or is about one. */
  readonly tasks?: TaskRelay | undefined;
  /** At an upstream with OAuth. */
  readonly authorization?: Authorization | undefined;
  /** What is left of MCP_CALL_MAX_SECONDS where the call was tried before, or of what guardrails gave it, milliseconds. */
  readonly leftMs?: number | undefined;
}
