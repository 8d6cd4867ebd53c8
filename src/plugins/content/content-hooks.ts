import type { HookPayloads } from '../hooks.js';
import type { HookHandlers, PluginResult } from '../plugin.js';
import type { PluginContext } from '../plugin-context.js';
import type { ContentHook } from './payload-content.js';

/** What a plugin says of a payload, whatever the hook. */
export type Judge = <H extends ContentHook>(
  hook: H,
  payload: HookPayloads[H],
  context: PluginContext,
) => PluginResult<H> | undefined;

/** What each hook's payload is called in texts for people: "detected in …". */
export const WHERE: { readonly [H in ContentHook]: string } = {
  prompt_pre_fetch: 'prompt arguments',
  prompt_post_fetch: 'prompt',
  tool_pre_invoke: 'tool arguments',
  tool_post_invoke: 'tool result',
  resource_pre_fetch: 'resource address',
  resource_post_fetch: 'resource content',
  agent_pre_invoke: 'agent request',
  agent_post_invoke: 'agent answer',
  stream_message: 'message',
  catalog_scan: 'definition',
};

/** The handlers of a plugin that judges content alike at every hook. */
export const contentHooks = (judge: Judge): HookHandlers => ({
  prompt_pre_fetch: (payload, context) => judge('prompt_pre_fetch', payload, context),
  prompt_post_fetch: (payload, context) => judge('prompt_post_fetch', payload, context),
  tool_pre_invoke: (payload, context) => judge('tool_pre_invoke', payload, context),
  tool_post_invoke: (payload, context) => judge('tool_post_invoke', payload, context),
  resource_pre_fetch: (payload, context) => judge('resource_pre_fetch', payload, context),
  resource_post_fetch: (payload, context) => judge('resource_post_fetch', payload, context),
  agent_pre_invoke: (payload, context) => judge('agent_pre_invoke', payload, context),
  agent_post_invoke: (payload, context) => judge('agent_post_invoke', payload, context),
  stream_message: (payload, context) => judge('stream_message', payload, context),
  catalog_scan: (payload, context) => judge('catalog_scan', payload, context),
});
