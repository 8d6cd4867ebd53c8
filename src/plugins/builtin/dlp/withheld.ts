import type { ContentHook } from '../../content/payload-content.js';
import type { HookPayloads } from '../../hooks.js';
import type { PluginResult } from '../../plugin.js';

/**
 * What takes the place of content that was dropped: it says so, and by which policy. For a tool that is a failed
 * result, for its model must not take it for an answer.
 * @returns undefined where nothing can take its place
 */
export function withheld<H extends ContentHook>(
  hook: H,
  payload: HookPayloads[H],
  policy: string,
): PluginResult<H> | undefined {
  const notice = `Withheld by data loss prevention (policy "${policy}").`;
  const result = stubOf(hook, payload, notice);
  if (!result) return undefined;
  if (hook.endsWith('_pre_invoke') || hook.endsWith('_pre_fetch')) return { answer: result };
  if ('error' in payload && payload.error)
    return { payload: { ...payload, error: { code: payload.error.code, message: notice } } };
  return { payload: { ...payload, result } };
}

function stubOf(hook: ContentHook, payload: HookPayloads[ContentHook], text: string) {
  if (hook === 'tool_pre_invoke' || hook === 'tool_post_invoke')
    return { content: [{ type: 'text', text }], isError: true };
  if (hook === 'prompt_pre_fetch' || hook === 'prompt_post_fetch') return { description: text, messages: [] };
  const isResource = hook === 'resource_pre_fetch' || hook === 'resource_post_fetch';
  return isResource && 'uri' in payload
    ? { contents: [{ uri: payload.uri, mimeType: 'text/plain', text }] }
    : undefined;
}
