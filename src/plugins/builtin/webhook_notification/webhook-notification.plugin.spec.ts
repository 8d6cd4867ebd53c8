import type { Egress } from '#libs/egress';
import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { targetOf } from '../../../../test/fixtures/plugins/target.js';
import { listenOnLoopback, type LoopbackServer } from '../../../../test/fixtures/upstreams/loopback-server.js';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import type { ActivePlugin } from '../../chain/active-plugin.js';
import { runHook } from '../../chain/run-hook.js';
import { PluginEvents } from '../../events/plugin-events.js';
import { RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import type { PluginServices } from '../../plugin-services.js';
import { denyFilter } from '../deny_filter/deny-filter.plugin.js';
import { WEBHOOK_NOTIFICATION_CASES } from './webhook-notification.cases.js';
import { webhookNotification } from './webhook-notification.plugin.js';

interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

let server: LoopbackServer;
let egress: Egress;
let answers: number[] = [];
const messages: Message[] = [];
const running: ActivePlugin[] = [];

beforeAll(async () => {
  egress = loopbackEgress();
  server = await listenOnLoopback(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    messages.push({ headers: request.headers, text });
    response.writeHead(answers.shift() ?? 204).end();
  });
});
afterAll(async () => {
  await egress.close(0);
  await server.close();
});
beforeEach(() => {
  messages.length = 0;
  answers = [];
});
afterEach(async () => {
  for (const { plugin } of running.splice(0)) await plugin.close();
});

async function telling(webhook: object, more: object = {}): Promise<ActivePlugin> {
  const config = {
    webhooks: [{ url: `${server.origin}/hook`, retry_delay: 100, ...webhook }],
    allow_http: true,
    ...more,
  };
  const plugin = await activePlugin(webhookNotification, config, { egress } as PluginServices);
  running.push(plugin);
  return plugin;
}

const at = { facts: { ...FACTS, target: targetOf() } };
const tool = (plugin: ActivePlugin, outcome: object = { result: { content: [{ type: 'text', text: 'private' }] } }) =>
  askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: {}, ...outcome }, at);
const told = async (count = 1) => {
  await vi.waitFor(() => expect(messages.length).toBeGreaterThanOrEqual(count), { timeout: 5000 });
  return messages.map(({ text }) => JSON.parse(text));
};

describe('webhook_notification', () => {
  it.each(WEBHOOK_NOTIFICATION_CASES)('$title', async (row) => {
    expect(await outcomeOf(webhookNotification, row)).toEqual(row.expect);
  });

  it('tells what a call came to, without what it said', async () => {
    const plugin = await telling({ events: ['tool_success', 'tool_error'] });
    await tool(plugin);
    await tool(plugin, { error: { code: -32603, message: 'private' } });
    const both = await told(2);
    expect(both).toContainEqual({
      event: 'tool_success',
      plugin: 'webhook_notification',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      request_id: 'request-1',
      user: 'alice@example.com',
      tenant_id: 'team-1',
      server_id: null,
      violation: null,
      metadata: { tool_name: 'clock-echo' },
    });
    expect(new Set(both.map(({ event }) => event))).toEqual(new Set(['tool_error', 'tool_success']));
    expect(JSON.stringify(both)).not.toContain('private');
  });

  it('tells what went along only where it may, and is not too large', async () => {
    const plugin = await telling({ events: ['tool_success'] }, { include_payload_data: true, max_payload_size: 100 });
    await tool(plugin, { result: { content: [] } });
    expect((await told())[0].payload).toEqual({ content: [] });
    await tool(plugin, { result: { content: [{ type: 'text', text: 'x'.repeat(100) }] } });
    expect((await told(2))[1]).not.toHaveProperty('payload');
  });

  it('tells of a block by a plugin before it, once', async () => {
    const deny = await activePlugin(denyFilter, { words: ['forbidden'] });
    const plugin = await telling({ events: ['violation', 'rate_limit_exceeded'] });
    const payload = { name: 'echo', args: { text: 'forbidden' }, headers: {} };
    const call = { ...at, state: new RequestState(), events: new PluginEvents() };
    const steps = [deny, plugin].map((each) => ({ plugin: each, when: undefined }));
    const { violation } = await runHook('tool_pre_invoke', steps, payload, call);
    expect(violation?.code).toBe('deny');
    expect(await told()).toMatchObject([
      { event: 'violation', plugin: 'deny_filter', violation: { code: 'deny' }, metadata: { hook: 'tool_pre_invoke' } },
    ]);
  });

  it.each([
    ['RATE_LIMIT', ['rate_limit_exceeded', 'violation'], 'rate_limit_exceeded'],
    ['RATE_LIMIT', ['violation'], 'violation'],
    ['PII_DETECTED_IN_TOOL_ARGS', ['pii_detected'], 'pii_detected'],
    ['CONTENT_MODERATION', ['harmful_content'], 'harmful_content'],
  ])('knows what %s is for %j', async (code, events, event) => {
    const plugin = await telling({ events });
    const violation = { code, reason: 'r', description: 'd' };
    plugin.plugin.onBlock({ hook: 'tool_pre_invoke', plugin: 'P', violation, facts: FACTS });
    expect((await told())[0].event).toBe(event);
  });

  it('fills templates, out of which no value breaks', async () => {
    const default_template =
      '{"who": "{{user}}", "what": {{ violation }}, "code": "{{violation.code}}", "no": "{{violation.constructor}}"}';
    const plugin = await telling({}, { default_template });
    const violation = { code: 'a"b', reason: '{{user}}', description: 'd' };
    const facts = { ...FACTS, user: 'eve", "admin": "yes' };
    plugin.plugin.onBlock({ hook: 'tool_pre_invoke', plugin: 'P', violation, facts });
    expect(await told()).toEqual([{ who: facts.user, what: { ...violation, details: {} }, code: 'a"b', no: 'null' }]);
  });

  it('signs what it tells, with its time', async () => {
    const hmac_secret = 'a test fixture, no secret';
    await tool(await telling({ events: ['tool_success'], authentication: { type: 'hmac', hmac_secret } }));
    await told();
    const [{ headers, text } = { headers: {}, text: '' }] = messages;
    const seconds = String(headers['x-signature-timestamp']);
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60);
    const signature = createHmac('sha256', hmac_secret).update(`${seconds}.${text}`).digest('hex');
    expect(headers['x-signature']).toBe(`sha256=${signature}`);
  });

  it.each([
    [{ type: 'bearer', token: 'fixture' }, 'authorization', 'Bearer fixture'],
    [{ type: 'api_key', api_key: 'fixture', api_key_header: 'X-Own' }, 'x-own', 'fixture'],
  ])('says who it is by %j', async (authentication, header, value) => {
    await tool(await telling({ events: ['tool_success'], authentication }));
    await told();
    expect(messages[0]?.headers[header]).toBe(value);
  });

  it('tries again what failed, and not what was refused', async () => {
    answers = [500, 503, 204];
    await tool(await telling({ events: ['tool_success'], retry_attempts: 2 }));
    await told(3);
    expect(answers).toEqual([]);
    answers = [400];
    const plugin = await telling({ events: ['tool_success'], retry_attempts: 2 });
    await tool(plugin);
    await told(4);
    await tool(plugin);
    await told(5);
    expect(messages).toHaveLength(5);
  });

  it.each([
    [{ webhooks: [{ url: 'http://127.0.0.1/hook' }] }],
    [{ webhooks: [{ url: 'ftp://example.com' }], allow_http: true }],
    [{ webhooks: [{ url: 'nowhere' }] }],
    [{ webhooks: [{}] }],
    [{ webhooks: [{ url: 'https://example.com', events: ['everything'] }] }],
    [{ webhooks: [{ url: 'https://example.com', authentication: { type: 'hmac', hmac_secret: 'short' } }] }],
    [{ webhooks: [{ url: 'https://example.com', authentication: { type: 'bearer' } }] }],
    [{ webhooks: [{ url: 'https://example.com', authentication: { type: 'hmac', hmac_algorithm: 'md5' } }] }],
    [{ webhooks: [{ url: 'https://example.com', retry_attempts: 11 }] }],
    [{ default_template: '{"a": {{user}}}' }],
    [{ payload_templates: { violation: 'no JSON' } }],
    [{ payload_templates: { other: '{}' } }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(webhookNotification, config)).rejects.toThrow(PluginConfigError);
  });
});
