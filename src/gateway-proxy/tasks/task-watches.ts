import { isJsonObject, type JsonObject, resultBody, type UpstreamStream } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Injectable, Logger } from '@nestjs/common';
import { BytesAnswer } from '../../http/answer.js';
import { GuardrailInterceptor } from '../../plugins/guardrail.interceptor.js';
import { type CatalogGateway, CatalogReader } from '../../registry/catalog/catalog.js';
import { targetOfCall } from '../forward/target-of-call.js';
import type { GateRequest } from '../gate/gate.service.js';
import { mcpRequest } from '../rest/mcp-request.js';
import { UpstreamStreams } from '../notifications/upstream-streams.js';
import { TaskAccess } from './task-access.js';
import type { TaskCaller } from './tasks.service.js';

const STATUS = 'notifications/tasks';
/** Upstreams that one client hears of; the tasks of others are not acknowledged, and have to be asked for. */
const MOST_UPSTREAMS = 16;
/** How long an upstream may take to say whether it will tell, milliseconds. */
const ACKNOWLEDGING_MS = 5000;

/** What a task has come to, but for what a stream adds to it. */
export interface TaskNotice {
  readonly method: string;
  readonly params: JsonObject;
}

/** The tasks whose upstreams have promised to tell of them. */
export interface TaskWatch {
  /** As the client knows them. */
  readonly taskIds: readonly string[];
  /** @param end called once when an upstream tells no more, so that the client asks instead of waiting for ever */
  hear(send: (notice: TaskNotice) => void, end: () => void): void;
  stop(): void;
}

interface Told {
  readonly stream: AsyncIterator<JsonObject>;
  /** The client's ids by those of the upstream. */
  readonly handles: ReadonlyMap<string, string>;
}

/** Status of tasks, told over `subscriptions/listen` (2026-07-28): heard at the upstream as long as the client listens. */
@Injectable()
export class TaskWatches {
  readonly #log = new Logger(TaskWatches.name);

  constructor(
    private readonly access: TaskAccess,
    private readonly catalog: CatalogReader,
    private readonly streams: UpstreamStreams,
    private readonly guardrails: GuardrailInterceptor,
  ) {}

  /** What is told of the tasks that the caller may ask for; of the others nothing. */
  async open(taskIds: readonly string[], at: GateRequest, principal: Principal): Promise<TaskWatch> {
    const caller = { principal, serverId: at.view.id, session: undefined };
    const giveUp = new AbortController();
    const wanted = this.#byGateway(taskIds, at, caller).slice(0, MOST_UPSTREAMS);
    const asked = wanted.map(([gateway, handles]) => this.#ask(gateway, handles, at, giveUp.signal));
    const told = (await Promise.all(asked)).flatMap((stream) => stream ?? []);
    const stop = (): void => giveUp.abort();
    return {
      taskIds: told.flatMap(({ handles }) => [...handles.values()]),
      hear: (send, end) => {
        const heard = (task: JsonObject, handle: string) => this.#heard(task, handle, at, caller);
        for (const each of told) void this.#relay(each, heard, send).finally(end);
      },
      stop,
    };
  }

  #byGateway(
    taskIds: readonly string[],
    { view, context }: GateRequest,
    caller: TaskCaller,
  ): [CatalogGateway, Map<string, string>][] {
    const wanted = new Map<CatalogGateway, Map<string, string>>();
    for (const handle of taskIds) {
      const found = this.access.find(handle, caller, view, context);
      if (typeof found === 'string') continue;
      const handles = wanted.get(found.gateway) ?? new Map<string, string>();
      wanted.set(found.gateway, handles.set(found.taskId, handle));
    }
    return [...wanted];
  }

  /** Undefined where the upstream promises nothing. */
  async #ask(
    gateway: CatalogGateway,
    handles: ReadonlyMap<string, string>,
    { request }: GateRequest,
    signal: AbortSignal,
  ): Promise<Told | undefined> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ACKNOWLEDGING_MS);
    try {
      const asked = { ...gateway, target: targetOfCall(gateway, request) };
      const filter = { taskIds: [...handles.keys()] };
      const opened = await this.streams.listen(asked, filter, AbortSignal.any([signal, late.signal]));
      const stream = opened && iteratorOf(opened);
      const promised = stream && promisedIn(await stream.next());
      const told = new Map([...handles].filter(([id]) => promised?.has(id)));
      if (stream && told.size > 0) return { stream, handles: told };
      late.abort();
    } catch (error) {
      this.#log.debug({ message: 'an upstream does not tell of its tasks', gatewayId: gateway.id, error });
    } finally {
      clearTimeout(timer);
    }
    return undefined;
  }

  async #relay(
    { stream, handles }: Told,
    heard: (task: JsonObject, handle: string) => Promise<JsonObject | undefined>,
    send: (notice: TaskNotice) => void,
  ): Promise<void> {
    try {
      for (let next = await stream.next(); !next.done; next = await stream.next()) {
        const { method, params } = next.value;
        const handle = isJsonObject(params) ? handles.get(String(params['taskId'])) : undefined;
        if (method !== STATUS || handle === undefined || !isJsonObject(params)) continue;
        const { _meta: _, ...task } = params;
        const told = await heard({ ...task, taskId: handle }, handle);
        if (!told) return;
        send({ method, params: told });
      }
    } catch (error) {
      this.#log.debug({ message: 'an upstream tells no more of its tasks', error });
    }
  }

  /**
   * As it would be told if the client asked; undefined for what it would not be told. Rights may have changed since the
   * stream was opened.
   */
  async #heard(task: JsonObject, handle: string, at: GateRequest, caller: TaskCaller): Promise<JsonObject | undefined> {
    const now = this.catalog.view(at.view.id);
    const found = now && this.access.find(handle, caller, now, at.context);
    if (!found || typeof found === 'string') return undefined;
    const call = mcpRequest('tasks/get', handle, { taskId: handle });
    const guard = this.guardrails.guardOf(call, found.tool, at);
    if (!guard) return task;
    const { body } = await guard.after(new BytesAnswer(200, Buffer.from(resultBody('0', JSON.stringify(task)))));
    const { result } = JSON.parse(body.toString('utf8')) as JsonObject;
    return isJsonObject(result) ? result : undefined;
  }
}

const iteratorOf = (stream: UpstreamStream): AsyncIterator<JsonObject> => stream[Symbol.asyncIterator]();

/** The first message says what will be told. */
function promisedIn({ value }: IteratorResult<JsonObject, unknown>): ReadonlySet<unknown> {
  const params = isJsonObject(value) ? value['params'] : undefined;
  const notifications = isJsonObject(params) ? params['notifications'] : undefined;
  const taskIds = isJsonObject(notifications) ? notifications['taskIds'] : undefined;
  return new Set(Array.isArray(taskIds) ? taskIds : []);
}
