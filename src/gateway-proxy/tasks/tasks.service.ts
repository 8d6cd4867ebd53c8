import { knowsTasks, type McpCall, RELATED_TASK, withoutParam, withTaskIds } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Injectable, Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { RequestContext } from '../../http/request-context.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { personOf } from '../../auth/principals/person-of.js';
import { GateSettings } from '../gate.settings.js';
import type { McpSession } from '../sessions/mcp-session.js';
import { McpSessions } from '../sessions/mcp-sessions.js';
import { type TaskContent, TaskHandles } from './task-handles.js';
import { inTaskSession, makesTasks } from './task-offers.js';
import { TaskRelay } from './task-relay.js';

const HOUR_MS = 3_600_000;
/** Tasks of one session that are remembered for its list; what is made beyond is served, but not listed. */
const MOST_TASKS = 200;
const KEY_LENGTH = 22;

/** Why the id of a task is not taken. */
export type UnknownTask = 'unknown_task' | 'foreign_task';

/** Who speaks of a task, and where. */
export interface TaskCaller {
  readonly principal: Principal;
  readonly serverId: string | undefined;
  /** Of a client of 2025-11-25. */
  readonly session: McpSession | undefined;
}

interface SentCall {
  readonly call: McpCall;
  readonly relay?: TaskRelay;
}

/** The ids of tasks: what clients know them by, and what is remembered of those of a session. */
@Injectable()
export class Tasks {
  readonly #log = new Logger(Tasks.name);

  constructor(
    private readonly handles: TaskHandles,
    private readonly sessions: McpSessions,
    private readonly settings: GateSettings,
  ) {}

  /**
   * A call of a tool as it goes up, and who reads its answer; none where no task can come of it. At once where nothing has
   * to be looked up: most calls come by here.
   */
  ofCall(
    call: McpCall,
    tool: CatalogItem,
    { context, session }: { readonly context: RequestContext; readonly session: McpSession | undefined },
  ): SentCall | Promise<SentCall> {
    const { gateway } = tool;
    const { principal, serverId } = context;
    if (!principal) return { call };
    const content = (taskId: string): TaskContent => {
      const owner = personOf(principal);
      return { owner, serverId, sessionId: session?.id, gatewayId: gateway?.id ?? '', toolId: tool.id, taskId };
    };
    if (call.era === 'modern' && gateway?.discovery.era === 'modern') {
      const negotiated = makesTasks(gateway, 'modern') && knowsTasks(call.clientCapabilities);
      if (call.method !== 'tools/call' || !negotiated) return { call };
      const made = (taskId: string): string => this.#mint(content(taskId));
      return { call, relay: new TaskRelay(call.method, 'modern', { known: () => undefined, made }) };
    }
    if (call.era === 'modern' || !inTaskSession(session) || !makesTasks(gateway, 'legacy'))
      return { call: withoutParam(call, 'task') };
    const made = (taskId: string): string => this.#kept(this.#mint(content(taskId)), content(taskId), session);
    const makes = call.params?.['task'] === undefined ? {} : { made };
    return this.knownIn(session, gateway.id).then((known) => ({
      call,
      relay: new TaskRelay(call.method, 'legacy', { known, ...makes }),
    }));
  }

  /** What the id of a task says, to him whose it is alone and where it was made. */
  open(handle: string, { principal, serverId, session }: TaskCaller): TaskContent | UnknownTask {
    const content = this.handles.read(handle, [], new Date());
    if (!content) return 'unknown_task';
    const { owner, serverId: at, sessionId } = content;
    const own = owner === personOf(principal) && at === serverId && sessionId === session?.id;
    return own ? content : 'foreign_task';
  }

  /** By which ids the client of a session knows the tasks of an upstream. */
  async knownIn(session: McpSession, gatewayId: string): Promise<(taskId: string) => string | undefined> {
    // Without the store nothing is known of other tasks; the call goes on.
    const state = await this.sessions.state(session).catch(() => undefined);
    return (taskId) => state?.tasks.get(keyOf(gatewayId, taskId));
  }

  /** What the client answers to a question of a task: it names the task as it knows it. */
  answerTo(bytes: Buffer, session: McpSession): Buffer {
    if (!bytes.includes(RELATED_TASK)) return bytes;
    const idOf = (handle: string): string | undefined => {
      const content = this.handles.read(handle, [], new Date());
      return content?.sessionId === session.id ? content.taskId : undefined;
    };
    return withTaskIds(bytes, undefined, idOf) ?? bytes;
  }

  #mint(content: TaskContent): string {
    return this.handles.mint(content, [], new Date(Date.now() + this.settings.taskMaxHours * HOUR_MS));
  }

  #kept(handle: string, { gatewayId, taskId }: TaskContent, session: McpSession): string {
    const keep = this.sessions.change(session, (store) =>
      store.keepTask(session.id, keyOf(gatewayId, taskId), handle, MOST_TASKS),
    );
    keep.catch((error: unknown) => this.#log.warn({ message: 'a task will not be listed', error }));
    return handle;
  }
}

/** Short, and tells whoever reads the store nothing. */
const keyOf = (gatewayId: string, taskId: string): string =>
  createHash('sha256').update(`${gatewayId} ${taskId}`).digest('base64url').slice(0, KEY_LENGTH);
