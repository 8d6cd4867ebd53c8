import { Budget, type JsonObject, listedTasks, type McpCall, taskCapabilities } from '#libs/mcp';
import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/answer.js';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import { GateSettings } from '../gate.settings.js';
import type { GateRequest } from '../gate/gate.service.js';
import { ListCursors, unknownCursor } from '../gate/list-cursors.js';
import { UNAVAILABLE } from '../gate/list-pages.js';
import { resultAnswer } from '../gate/opening.js';
import { type SessionUpstream, SessionUpstreams } from '../sessions/session-upstreams.js';
import { TaskAccess } from './task-access.js';
import { makesTasks } from './task-offers.js';
import { type TaskCaller, Tasks } from './tasks.service.js';

const HOUR_MS = 3_600_000;
/** Of one upstream; what is made here is far less. */
const MOST_PAGES = 20;
const LIST_BYTES = 4 * 1024 * 1024;

/** Who lists, in which session. */
export type Lister = TaskCaller & { readonly session: NonNullable<TaskCaller['session']> };

/** `tasks/list` of 2025-11-25: what the session has made at all its upstreams, and its caller may still ask for. */
@Injectable()
export class TaskList {
  readonly #log = new Logger(TaskList.name);

  constructor(
    private readonly tasks: Tasks,
    private readonly upstreams: SessionUpstreams,
    private readonly access: TaskAccess,
    private readonly cursors: ListCursors,
    private readonly settings: GateSettings,
  ) {}

  async answer(call: McpCall, at: GateRequest, caller: Lister): Promise<Answer> {
    const { session, principal } = caller;
    const list = `tasks ${session.id}`;
    const offset = this.cursors.read(call.params?.['cursor'], list, principal);
    if (typeof offset === 'string') return unknownCursor(call, at.context, offset);
    const unavailable: string[] = [];
    const upstreams = await this.upstreams.all(session);
    const lists = await Promise.all(upstreams.map((upstream) => this.#of(upstream, at, caller, unavailable)));
    const tasks = lists.flat();
    const end = offset + this.settings.listPageSize;
    return resultAnswer(call, {
      tasks: tasks.slice(offset, end),
      ...(end < tasks.length && { nextCursor: this.cursors.mint(end, list, principal, HOUR_MS) }),
      ...(unavailable.length > 0 && { _meta: { [UNAVAILABLE]: unavailable.toSorted() } }),
    });
  }

  async #of(upstream: SessionUpstream, at: GateRequest, caller: Lister, unavailable: string[]): Promise<object[]> {
    const gatewayId = upstream.session.target.id;
    const gateway = at.view.tools.find((tool) => tool.gateway?.id === gatewayId)?.gateway ?? null;
    if (!makesTasks(gateway, 'legacy') || !taskCapabilities(gateway.discovery.capabilities)?.list) return [];
    const known = await this.tasks.knownIn(caller.session, gatewayId);
    const mayAsk = (taskId: string): string | undefined => {
      const handle = known(taskId);
      if (handle === undefined) return undefined;
      return typeof this.access.find(handle, caller, at.view, at.context) === 'string' ? undefined : handle;
    };
    try {
      return await this.#crawl(upstream, mayAsk);
    } catch (error) {
      this.#unavailable(gateway, error);
      unavailable.push(gateway.slug);
      return [];
    }
  }

  async #crawl({ session }: SessionUpstream, idFor: (taskId: string) => string | undefined): Promise<object[]> {
    const budget = new Budget({ timeoutMs: this.settings.toolTimeoutSeconds * 1000, maxBytes: LIST_BYTES });
    const tasks: object[] = [];
    let params: JsonObject = {};
    for (let page = 0; page < MOST_PAGES; page++) {
      // The ids of the client's own requests go up as they are, so ours must be like none of them.
      const result = await session.request('tasks/list', params, budget, `tasks-${randomUUID()}`);
      tasks.push(...listedTasks(result, idFor));
      const { nextCursor } = result;
      if (typeof nextCursor !== 'string') break;
      params = { cursor: nextCursor };
    }
    return tasks;
  }

  #unavailable({ id }: CatalogGateway, error: unknown): void {
    this.#log.debug({ message: 'an upstream does not list its tasks', gatewayId: id, error });
  }
}
