import type { JsonObject } from '#libs/mcp';

/** What a call looks like before the plugin, or after it. Of a tool call unless it says otherwise. */
export interface CaseCall {
  readonly kind?: 'tool' | 'prompt' | 'resource';
  /** Of a tool or a prompt; texts alone for a prompt. */
  readonly args?: JsonObject;
  /** The result that the upstream answers: `{content: […]}`, `{messages: […]}` or `{contents: […]}`. */
  readonly result?: JsonObject;
  /** Not asked through the doors, and why not. */
  readonly pluginAlone?: string;
}

/** One row of a plugin's table of cases, which is asked of the plugin alone and through every door of the gateway. */
export interface PluginCase {
  readonly title: string;
  /** The plugin's `config`. */
  readonly config?: JsonObject;
  readonly call: CaseCall;
  /** The code of the block, or what comes of the call where that differs from what was given. */
  readonly expect: { readonly blocked: string } | Omit<CaseCall, 'kind'> | 'unchanged';
}
