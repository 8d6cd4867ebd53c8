import { META_KEYS, type McpCall, resultBody, rawId, SERVED } from '#libs/mcp';
import { BytesAnswer } from '../../http/answer.js';
import type { ServerView } from '../../registry/catalog/catalog.js';
import { GATE_IDENTITY } from '../../config/gate-identity.js';

/** To what is no request. */
export const ACCEPTED = new BytesAnswer(202, Buffer.alloc(0));

const DISCOVER_TTL_MS = 60_000;

/** `initialize`: the asked revision if it is served, else our newest legacy one. */
export function initializeAnswer(call: McpCall, view: ServerView, sessionId: string | undefined): BytesAnswer {
  const result = {
    protocolVersion: call.revision,
    capabilities: capabilitiesOf(view),
    serverInfo: serverInfoOf(view),
    ...instructionsOf(view),
  };
  return resultAnswer(call, result, sessionId === undefined ? {} : { 'Mcp-Session-Id': sessionId });
}

/** `server/discover` of 2026-07-28. */
export function discoverAnswer(call: McpCall, view: ServerView): BytesAnswer {
  return resultAnswer(call, {
    supportedVersions: SERVED,
    capabilities: capabilitiesOf(view),
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

/** What the gate can do for this view; lists don't announce changes yet. */
function capabilitiesOf(view: ServerView): object {
  const completes = [...view.prompts, ...view.templates].some(
    ({ gateway }) => gateway !== null && 'completions' in gateway.discovery.capabilities,
  );
  return { tools: {}, resources: {}, prompts: {}, ...(completes && { completions: {} }) };
}

const serverInfoOf = (view: ServerView): object => ({ ...GATE_IDENTITY, title: view.name });

const instructionsOf = (view: ServerView): object => (view.description ? { instructions: view.description } : {});
