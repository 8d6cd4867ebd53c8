import type { CallOrigin } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../../rbac/access.service.js';
import type { CatalogGateway, CatalogItem, ServerView } from '../../registry/catalog/catalog.js';
import type { TaskContent } from './task-handles.js';
import { makesTasks } from './task-offers.js';
import { type TaskCaller, Tasks } from './tasks.service.js';

/** A task that may be asked for. */
export interface OpenTask {
  /** The id by which the upstream knows it. */
  readonly taskId: string;
  /** What made it. */
  readonly tool: CatalogItem;
  readonly gateway: CatalogGateway;
}

/** Decides who may ask for a task: its owner, where he made it, as long as he may call the tool that did. */
@Injectable()
export class TaskAccess {
  constructor(
    private readonly tasks: Tasks,
    private readonly access: AccessService,
  ) {}

  /** The task, or why there is none for this caller. */
  find(handle: string, caller: TaskCaller, view: ServerView, origin: CallOrigin): OpenTask | string {
    const content = this.tasks.open(handle, caller);
    if (typeof content === 'string') return content;
    const tool = toolOf(content, view);
    const era = caller.session ? 'legacy' : 'modern';
    if (!tool || !makesTasks(tool.gateway, era)) return 'not_visible';
    const { allowed, reason } = this.access.check(caller.principal, 'tools.execute', tool, { origin });
    return allowed ? { taskId: content.taskId, tool, gateway: tool.gateway } : reason;
  }
}

const toolOf = ({ toolId, gatewayId }: TaskContent, { tools }: ServerView): CatalogItem | undefined =>
  tools.find(({ id, gateway }) => id === toolId && gateway?.id === gatewayId);
