import { isJsonObject } from '#libs/mcp';
import { type HookHandlers, Plugin } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { configuredHeaders } from './configured-headers.js';
import { HeaderInjectorSettings } from './header-injector.settings.js';

/** Adds headers to the requests by which resources are fetched and tools are called. */
class HeaderInjector extends Plugin {
  readonly hooks: HookHandlers = {
    resource_pre_fetch: (payload) => {
      const { uri, metadata } = payload;
      if (!this.#concerns(uri)) return undefined;
      const others = isJsonObject(metadata['headers']) ? metadata['headers'] : {};
      return { payload: { ...payload, metadata: { ...metadata, headers: { ...others, ...this.headers } } } };
    },
    // A tool has no URI: prefixes say that it is not meant.
    tool_pre_invoke: (payload) =>
      this.prefixes.length > 0
        ? undefined
        : { payload: { ...payload, headers: { ...payload.headers, ...this.headers } } },
  };

  constructor(
    private readonly headers: Readonly<Record<string, string>>,
    private readonly prefixes: readonly string[],
  ) {
    super();
  }

  #concerns(uri: string): boolean {
    return this.prefixes.length === 0 || this.prefixes.some((prefix) => begins(uri, prefix));
  }
}

/** `https://api.example.com` is no beginning of `https://api.example.com.evil.example`. */
const begins = (uri: string, prefix: string): boolean =>
  uri.startsWith(prefix) &&
  (uri.length === prefix.length || /[/:?#=]$/.test(prefix) || /[/?#]/.test(uri.charAt(prefix.length)));

export const headerInjector: PluginDefinition<HeaderInjectorSettings> = {
  name: 'header_injector',
  kinds: ['plugins.header_injector.header_injector.HeaderInjectorPlugin'],
  description: 'Adds headers to the requests by which resources are fetched.',
  hooks: ['resource_pre_fetch'],
  optionalHooks: ['tool_pre_invoke'],
  settings: HeaderInjectorSettings,
  priority: 58,
  security: false,
  create: ({ headers, uri_prefixes }) => new HeaderInjector(configuredHeaders(headers, 'headers'), uri_prefixes),
};
