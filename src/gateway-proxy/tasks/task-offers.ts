import { knowsTasks, taskCapabilities, TASKS_EXTENSION } from '#libs/mcp';
import type { CatalogGateway, Definition, ServerView } from '../../registry/catalog/catalog.js';
import type { McpSession } from '../sessions/mcp-session.js';

/** Whether calls of clients of this era may become tasks there: both sides have to speak of tasks in the same words. */
export function makesTasks(gateway: CatalogGateway | null, era: 'legacy' | 'modern'): gateway is CatalogGateway {
  if (gateway?.discovery.era !== era) return false;
  const { capabilities, sessionful } = gateway.discovery;
  return era === 'modern' ? knowsTasks(capabilities) : sessionful && taskCapabilities(capabilities) !== undefined;
}

/** Tasks are part of 2025-11-25 alone, and belong to a session. */
export const inTaskSession = (session: McpSession | undefined): session is McpSession =>
  session?.revision === '2025-11-25';

/** The `extensions` that `server/discover` shows; undefined where no tool makes tasks. */
export const taskExtensionOf = (view: ServerView): object | undefined =>
  view.tools.some(({ gateway }) => makesTasks(gateway, 'modern')) ? { [TASKS_EXTENSION]: {} } : undefined;

/** The capability that `initialize` of 2025-11-25 shows; undefined where no tool makes tasks. */
export function taskCapabilityOf(view: ServerView): object | undefined {
  const gateways = view.tools.flatMap(({ gateway }) => (makesTasks(gateway, 'legacy') ? [gateway] : []));
  const told = gateways.map(({ discovery }) => taskCapabilities(discovery.capabilities));
  if (told.length === 0) return undefined;
  const cancels = told.some((tasks) => tasks?.cancel);
  return { list: {}, ...(cancels && { cancel: {} }), requests: { tools: { call: {} } } };
}

/** A tool as it is shown where calls of it make no tasks: `execution.taskSupport` would promise some. */
export function withoutTaskSupport(definition: Definition): Definition {
  const { execution, ...others } = definition;
  if (typeof execution !== 'object' || execution === null || !('taskSupport' in execution)) return definition;
  const { taskSupport: _, ...kept } = execution;
  return Object.keys(kept).length > 0 ? { ...others, execution: kept } : others;
}
