import { META_KEYS, type McpCall, resultBody, rawId, SERVED, takesSubscriptions } from '#libs/mcp';
import { BytesAnswer } from '../../http/answer.js';
import type { ServerView } from '../../registry/catalog/catalog.js';
import { GATE_IDENTITY } from '../../config/gate-identity.js';
import { taskCapabilityOf, taskExtensionOf } from '../tasks/task-offers.js';
import type { ToolResult } from '../kept/rest-result.js';

/** To what is no request. */
export const ACCEPTED = new BytesAnswer(202, Buffer.alloc(0));

const DISCOVER_TTL_MS = 60_000;

/** `initialize`: the asked revision if it is served, else our newest legacy one. */
export function initializeAnswer(call: McpCall, view: ServerView, sessionId: string | undefined): BytesAnswer {
  const tasks = sessionId !== undefined && call.revision === '2025-11-25' ? taskCapabilityOf(view) : undefined;
  const result = {
    protocolVersion: call.revision,
    capabilities: { ...capabilitiesOf(view, sessionId !== undefined), ...(tasks && { tasks }) },
    serverInfo: serverInfoOf(view),
    ...instructionsOf(view),
  };
  return resultAnswer(call, result, sessionId === undefined ? {} : { 'Mcp-Session-Id': sessionId });
}

/** `server/discover` of 2026-07-28. */
export function discoverAnswer(call: McpCall, view: ServerView): BytesAnswer {
  const extensions = taskExtensionOf(view);
  return resultAnswer(call, {
    supportedVersions: SERVED,
    capabilities: { ...capabilitiesOf(view, true), ...(extensions && { extensions }) },
    ...instructionsOf(view),
    resultType: 'complete',
    ttlMs: DISCOVER_TTL_MS,
    cacheScope: 'private',
    _meta: { [META_KEYS.serverInfo]: serverInfoOf(view) },
  });
}

export function resultAnswer(
  call: McpCall,
  result: object,
  headers: Readonly<Record<string, string>> = {},
): BytesAnswer {
  return new BytesAnswer(200, Buffer.from(resultBody(rawId(call), JSON.stringify(result))), headers);
}

/** The result of a tool that the gate ran itself. */
export const toolAnswer = (call: McpCall, result: ToolResult): BytesAnswer =>
  resultAnswer(call, call.era === 'modern' ? { ...result, resultType: 'complete' } : result);

/** What the gate can do for this view; changes are told to those who can have a stream. */
function capabilitiesOf({ prompts, templates, resources }: ServerView, tells: boolean): object {
  const completes = [...prompts, ...templates].some(
    ({ gateway }) => gateway !== null && 'completions' in gateway.discovery.capabilities,
  );
  const subscribe =
    tells &&
    [...resources, ...templates].some(({ gateway }) => gateway && takesSubscriptions(gateway.discovery.capabilities));
  const changes = tells ? { listChanged: true } : {};
  return {
    tools: changes,
    resources: { ...changes, ...(subscribe && { subscribe }) },
    prompts: changes,
    ...(completes && { completions: {} }),
  };
}

export const serverInfoOf = (view: ServerView): object => ({ ...GATE_IDENTITY, title: view.name });

const instructionsOf = (view: ServerView): object => (view.description ? { instructions: view.description } : {});
