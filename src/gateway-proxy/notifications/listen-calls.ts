import {
  ACKNOWLEDGED,
  isJsonObject,
  knowsTasks,
  LIST_NOTICES,
  type ListenFilter,
  type McpCall,
  META_KEYS,
  NOTICED_LISTS,
  type NoticedList,
  rawId,
  resultBody,
  RPC_CODES,
  TASKS_REQUIRED,
} from '#libs/mcp';
import type { Permission, Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import type { Answer } from '../../http/answer.js';
import { GatewayError } from '../../http/errors.js';
import { AccessService } from '../../rbac/access.service.js';
import type { GateRequest } from '../gate/gate.service.js';
import { rpcError } from '../gate/gate-refusal.js';
import { serverInfoOf } from '../gate/opening.js';
import { type TaskNotice, type TaskWatch, TaskWatches } from '../tasks/task-watches.js';
import { McpSessionSettings } from '../sessions/mcp-session.settings.js';
import { StandaloneStreams } from '../sessions/standalone-streams.js';
import { ListChanges } from './list-changes.js';
import type { Listener, Notice } from './listener.js';
import { ResourceUpdates } from './resource-updates.js';

const PERMISSIONS: Readonly<Record<NoticedList, Permission>> = {
  tools: 'tools.read',
  prompts: 'prompts.read',
  resources: 'resources.read',
};

/** Characters; longer ones name no resource. */
const LONGEST_URI = 2048;
/** Characters; the gate makes no longer ids of tasks. */
const LONGEST_TASK_ID = 8192;

/** What was asked for, read and bounded. */
interface Wish {
  readonly lists: readonly NoticedList[];
  readonly uris: readonly string[];
  readonly taskIds: readonly string[];
}

/** `subscriptions/listen` of 2026-07-28: the answer is a stream of what changes. */
@Injectable()
export class ListenCalls {
  constructor(
    private readonly streams: StandaloneStreams,
    private readonly lists: ListChanges,
    private readonly updates: ResourceUpdates,
    private readonly access: AccessService,
    private readonly tasks: TaskWatches,
    private readonly settings: McpSessionSettings,
  ) {}

  /** @throws GatewayError 406 for who takes no events, and when there are too many streams */
  listen(call: McpCall, at: GateRequest, principal: Principal): Answer | Promise<Answer> {
    const { context, takesEvents } = at;
    const wish = readWish(call, this.settings.maxSubscriptions);
    if (typeof wish === 'string') {
      context.failed = 'invalid_params';
      return rpcError(call.id, 200, RPC_CODES.invalidParams, wish);
    }
    if (wish.taskIds.length > 0 && !knowsTasks(call.clientCapabilities)) {
      context.failed = 'missing_client_capability';
      const text = "taskIds need the tasks extension among the client's capabilities";
      return rpcError(call.id, 400, RPC_CODES.missingClientCapability, text, TASKS_REQUIRED);
    }
    if (!takesEvents) throw new GatewayError('not_acceptable', 'subscriptions/listen is answered with a stream');
    if (wish.taskIds.length === 0) return this.#open(call, at, principal, wish, undefined);
    return this.tasks.open(wish.taskIds, at, principal).then((watch) => this.#open(call, at, principal, wish, watch));
  }

  #open(call: McpCall, at: GateRequest, principal: Principal, wish: Wish, watch: TaskWatch | undefined): Answer {
    const { context, view, request, response } = at;
    const caller = { principal, serverId: view.id, context };
    const may = (list: NoticedList): boolean =>
      this.access.check(principal, PERMISSIONS[list], undefined, { origin: context }).allowed;
    const lists = wish.lists.filter(may);
    const uris = wish.uris.filter((uri) => this.updates.offers(caller, uri));
    const taskIds = watch?.taskIds ?? [];
    const leaving: (() => void)[] = watch ? [() => watch.stop()] : [];
    const { stream, answer, end } = this.streams.open(
      request,
      response,
      () => {
        for (const leave of leaving) leave();
      },
      (open) => open.send(lastWord(call, at)),
    );
    const send = ({ method, params }: Notice | TaskNotice | Acknowledgement): void =>
      stream.send(notification(method, params, rawId(call)));
    send({ method: ACKNOWLEDGED, params: { notifications: filterOf(lists, uris, taskIds) } });
    if (lists.length === 0 && uris.length === 0 && taskIds.length === 0) end();
    else if (!response.destroyed) {
      const listener: Listener = { ...caller, lists: new Set(lists), send, end };
      leaving.push(this.lists.add(listener), () => this.updates.set(listener, []));
      this.updates.set(listener, uris);
      watch?.hear(send, end);
    }
    return answer;
  }
}

interface Acknowledgement {
  readonly method: string;
  readonly params: { readonly notifications: ListenFilter };
}

/** The fault, where there is one. */
function readWish({ params }: McpCall, most: number): Wish | string {
  const asked = params?.['notifications'];
  if (!isJsonObject(asked)) return 'params.notifications must be an object';
  const lists: NoticedList[] = [];
  for (const list of NOTICED_LISTS) {
    const { filter } = LIST_NOTICES[list];
    const wanted = asked[filter];
    if (wanted !== undefined && typeof wanted !== 'boolean') return `params.notifications.${filter} must be a boolean`;
    if (wanted === true) lists.push(list);
  }
  const { resourceSubscriptions: uris = [] } = asked;
  const field = 'params.notifications.resourceSubscriptions';
  if (!Array.isArray(uris) || !uris.every(isUri)) {
    return `${field} must be an array of URIs of at most ${LONGEST_URI} characters`;
  }
  const once = [...new Set(uris)];
  if (once.length > most) return `${field} may name ${most} resources (MCP_SESSION_MAX_SUBSCRIPTIONS)`;
  const { taskIds = [] } = asked;
  if (!Array.isArray(taskIds) || !taskIds.every(isTaskId)) {
    return `params.notifications.taskIds must be an array of ids of at most ${LONGEST_TASK_ID} characters`;
  }
  const tasks = [...new Set(taskIds)];
  if (tasks.length > most) {
    return `params.notifications.taskIds may name ${most} tasks (MCP_SESSION_MAX_SUBSCRIPTIONS)`;
  }
  return { lists, uris: once, taskIds: tasks };
}

const isUri = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_URI;

const isTaskId = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_TASK_ID;

function filterOf(lists: readonly NoticedList[], uris: readonly string[], taskIds: readonly string[]): ListenFilter {
  const members = lists.map((list) => [LIST_NOTICES[list].filter, true as const]);
  return {
    ...Object.fromEntries(members),
    ...(uris.length > 0 && { resourceSubscriptions: uris }),
    ...(taskIds.length > 0 && { taskIds }),
  };
}

/** The id goes back as the client wrote it. */
function notification(method: string, params: object | undefined, id: string): string {
  const meta = `"_meta":{"${META_KEYS.subscriptionId}":${id}}`;
  const members = params ? `${JSON.stringify(params).slice(1, -1)},` : '';
  return `{"jsonrpc":"2.0","method":"${method}","params":{${members}${meta}}}`;
}

function lastWord(call: McpCall, { view }: GateRequest): string {
  const id = rawId(call);
  const info = JSON.stringify(serverInfoOf(view));
  const meta = `{"${META_KEYS.subscriptionId}":${id},"${META_KEYS.serverInfo}":${info}}`;
  return resultBody(id, `{"resultType":"complete","_meta":${meta}}`);
}
