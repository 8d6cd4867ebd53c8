import { isJsonObject, type JsonObject } from '#libs/mcp';
import { blocksOf } from '../../content/map-blocks.js';
import { type HookHandlers, Plugin } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { PrivacyNoticeInjectorSettings } from './privacy-notice-injector.settings.js';

/** Adds a notice to prompts that don't have it yet. */
class PrivacyNoticeInjector extends Plugin {
  readonly hooks: HookHandlers = {
    prompt_post_fetch: (payload) => {
      const { result, error } = payload;
      if (error || this.#has(result)) return undefined;
      const messages = Array.isArray(result['messages']) ? (result['messages'] as readonly unknown[]) : [];
      return { payload: { ...payload, result: { ...result, messages: this.#with(messages) } } };
    },
  };
  readonly #notice: string;

  constructor(private readonly settings: PrivacyNoticeInjectorSettings) {
    super();
    this.#notice = [settings.marker, settings.notice_text].filter((part) => part !== '').join(' ');
  }

  /** The whole notice: a marker alone is quickly said, by whoever wants none. */
  #has(result: JsonObject): boolean {
    return blocksOf(result).some(({ text }) => typeof text === 'string' && text.includes(this.#notice));
  }

  #with(messages: readonly unknown[]): readonly unknown[] {
    const { placement } = this.settings;
    const own = { role: 'user', content: { type: 'text', text: this.#notice } };
    const at = placement === 'separate_message' ? -1 : messages.findIndex((message) => isUsersText(message));
    if (at < 0) return [...messages, own];
    return messages.map((message, index) => (index === at ? this.#noticed(message as UsersText) : message));
  }

  #noticed(message: UsersText): UsersText {
    const { text } = message.content;
    const parts = this.settings.placement === 'prepend' ? [this.#notice, text] : [text, this.#notice];
    return { ...message, content: { ...message.content, text: parts.join('\n\n') } };
  }
}

interface UsersText {
  readonly content: { readonly text: string };
}

const isUsersText = (message: unknown): boolean =>
  isJsonObject(message) &&
  message['role'] === 'user' &&
  isJsonObject(message['content']) &&
  message['content']['type'] === 'text' &&
  typeof message['content']['text'] === 'string';

export const privacyNoticeInjector: PluginDefinition<PrivacyNoticeInjectorSettings> = {
  name: 'privacy_notice_injector',
  kinds: ['plugins.privacy_notice_injector.privacy_notice_injector.PrivacyNoticeInjectorPlugin'],
  description: 'Adds a privacy notice to prompts.',
  hooks: ['prompt_post_fetch'],
  settings: PrivacyNoticeInjectorSettings,
  priority: 90,
  security: false,
  create: (settings) => new PrivacyNoticeInjector(settings),
};
