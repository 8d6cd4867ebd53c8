import { parseUrl } from '#libs/egress';
import type { JsonObject } from '#libs/mcp';
import type { ToolPostInvoke } from '../../hooks.js';
import { type Block, type HookHandlers, Plugin } from '../../plugin.js';
import type { CallFacts } from '../../plugin-context.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import type { PluginServices } from '../../plugin-services.js';
import { JsonTemplate } from './json-template.js';
import { EVENTS, type EventName, WebhookNotificationSettings } from './webhook-notification.settings.js';
import { WebhookSender } from './webhook-sender.js';

/** Blocks that have an event of their own. */
const OF_CODE: readonly (readonly [RegExp, EventName])[] = [
  [/^RATE_LIMIT$/, 'rate_limit_exceeded'],
  [/^PII_/, 'pii_detected'],
  [/^(HARMFUL_CONTENT|CONTENT_MODERATION)$/, 'harmful_content'],
];

interface Listener {
  readonly events: ReadonlySet<EventName>;
  readonly sender: WebhookSender;
}

interface Told {
  readonly facts: CallFacts;
  readonly metadata: JsonObject;
  readonly plugin?: string;
  readonly violation?: JsonObject;
  /** Goes along where that is configured. */
  readonly payload?: unknown;
}

/** Tells webhooks what became of calls. */
class WebhookNotification extends Plugin {
  readonly hooks: HookHandlers = {
    // It is for blocks of these hooks that it is here.
    tool_pre_invoke: () => undefined,
    prompt_pre_fetch: () => undefined,
    resource_pre_fetch: () => undefined,
    tool_post_invoke: (payload, { facts }) => this.#tool(payload, facts),
    prompt_post_fetch: ({ promptId, result, error }, { facts }) =>
      error ? undefined : this.#tell(['prompt_success'], { facts, metadata: { prompt_id: promptId }, payload: result }),
    resource_post_fetch: ({ uri, result, error }, { facts }) =>
      error ? undefined : this.#tell(['resource_success'], { facts, metadata: { resource_uri: uri }, payload: result }),
  };
  readonly #templates: ReadonlyMap<string, JsonTemplate>;
  readonly #template: JsonTemplate | undefined;

  constructor(
    private readonly settings: WebhookNotificationSettings,
    private readonly listeners: readonly Listener[],
    private readonly name: string,
  ) {
    super();
    const { payload_templates, default_template } = settings;
    this.#templates = new Map(
      Object.entries(payload_templates).map(([event, text]) => [event, new JsonTemplate(text)]),
    );
    this.#template = default_template == null ? undefined : new JsonTemplate(default_template);
  }

  override onBlock({ hook, plugin, violation, facts }: Block): void {
    const metadata = { hook, ...(facts.target && { target: facts.target.name }) };
    if (!violation) return this.#tell(['plugin_error'], { facts, plugin, metadata });
    const { code, reason, description, details = {} } = violation;
    const own = OF_CODE.find(([pattern]) => pattern.test(code))?.[1];
    const events: EventName[] = own ? [own, 'violation'] : ['violation'];
    this.#tell(events, { facts, plugin, metadata, violation: { code, reason, description, details } });
  }

  override close(): void {
    for (const { sender } of this.listeners) sender.close();
  }

  #tool({ name, result, error }: ToolPostInvoke, facts: CallFacts): undefined {
    const failed = error !== undefined || result['isError'] === true;
    const metadata = { tool_name: facts.target?.name ?? name, ...(error && { error_code: error.code }) };
    this.#tell([failed ? 'tool_error' : 'tool_success'], { facts, metadata, payload: error ?? result });
  }

  /** Each webhook once, of the first of the events that it wants. */
  #tell(events: readonly EventName[], told: Told): undefined {
    const bodies = new Map<EventName, string>();
    for (const { events: wanted, sender } of this.listeners) {
      const event = events.find((each) => wanted.has(each));
      if (event === undefined) continue;
      let body = bodies.get(event);
      if (body === undefined) bodies.set(event, (body = this.#body(event, told)));
      sender.send(body);
    }
  }

  #body(event: EventName, { facts, metadata, plugin = this.name, violation, payload }: Told): string {
    const { requestId, user, tenantId, serverId } = facts;
    const about = { event, timestamp: new Date().toISOString(), request_id: requestId, user };
    const where = { tenant_id: tenantId ?? null, server_id: serverId ?? null };
    const values = { ...about, ...where, violation: violation ?? null, metadata, ...this.#content(payload) };
    const template = this.#templates.get(event) ?? this.#template;
    return template ? template.render({ ...values, plugin_name: plugin }) : JSON.stringify({ ...values, plugin });
  }

  #content(payload: unknown): { readonly payload?: unknown } {
    const { include_payload_data, max_payload_size } = this.settings;
    if (!include_payload_data || payload === undefined) return {};
    return JSON.stringify(payload).length <= max_payload_size ? { payload } : {};
  }
}

/** @throws PluginConfigError with a line for each address that must not be told, and each template that makes no JSON */
function demand(settings: WebhookNotificationSettings): void {
  const { webhooks, payload_templates, default_template, allow_http } = settings;
  const faults = webhooks.flatMap(({ url, enabled }, index) => {
    const protocol = parseUrl(url)?.protocol ?? '';
    if (!enabled || protocol === 'https:' || (protocol === 'http:' && allow_http)) return [];
    const rule = protocol === 'http:' ? 'is not https, which only allow_http permits' : 'is no URL of https';
    return [`webhooks[${index}].url ${rule}`];
  });
  const templates = new Map(
    Object.entries(payload_templates).map(([event, text]) => [`payload_templates.${event}`, text]),
  );
  for (const [event] of Object.entries(payload_templates))
    if (!EVENTS.some((known) => known === event)) faults.push(`payload_templates has "${event}", which is no event`);
  if (default_template != null) templates.set('default_template', default_template);
  faults.push(...[...templates].flatMap(([at, text]) => (makesJson(text) ? [] : [`${at} makes no JSON`])));
  if (faults.length > 0) throw new PluginConfigError(faults);
}

const NAMES = ['event', 'plugin_name', 'timestamp', 'request_id', 'user', 'tenant_id', 'server_id'];
const SAMPLE: JsonObject = Object.fromEntries(NAMES.map((name) => [name, 'text']));

function makesJson(text: unknown): boolean {
  if (typeof text !== 'string' || text.length > 20_000) return false;
  try {
    for (const values of [{}, SAMPLE]) JSON.parse(new JsonTemplate(text).render(values));
    return true;
  } catch {
    return false;
  }
}

function made(settings: WebhookNotificationSettings, { egress }: PluginServices, name: string): WebhookNotification {
  demand(settings);
  const enabled = settings.webhooks.filter((webhook) => webhook.enabled);
  const listeners = enabled.map((webhook) => ({
    events: new Set(webhook.events),
    sender: new WebhookSender(webhook, egress),
  }));
  return new WebhookNotification(settings, listeners, name);
}

export const webhookNotification: PluginDefinition<WebhookNotificationSettings> = {
  name: 'webhook_notification',
  kinds: ['plugins.webhook_notification.webhook_notification.WebhookNotificationPlugin'],
  description: 'Tells webhooks what became of calls.',
  hooks: ['tool_pre_invoke', 'tool_post_invoke', 'prompt_post_fetch', 'resource_post_fetch'],
  optionalHooks: ['prompt_pre_fetch', 'resource_pre_fetch'],
  settings: WebhookNotificationSettings,
  priority: 900,
  bindable: false,
  security: false,
  create: made,
};
