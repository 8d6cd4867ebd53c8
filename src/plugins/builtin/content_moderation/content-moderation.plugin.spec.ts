import type { JsonObject } from '#libs/mcp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { ModerationServer } from '../../../../test/fixtures/plugins/moderation-server.js';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import { PluginContext, RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import type { PluginServices } from '../../plugin-services.js';
import { CONTENT_MODERATION_CASES } from './content-moderation.cases.js';
import { contentModeration } from './content-moderation.plugin.js';

describe('content_moderation', () => {
  const egress = loopbackEgress();
  const services = { egress } as PluginServices;
  let server: ModerationServer;
  beforeAll(async () => {
    server = await ModerationServer.start();
  });
  afterEach(() => server.reset());
  afterAll(async () => {
    await egress.close();
    await server.stop();
  });

  const scores = (given: JsonObject): JsonObject => ({ results: [{ flagged: true, category_scores: given }] });
  const openai = (config: JsonObject = {}): JsonObject => ({
    provider: 'openai',
    openai: { api_key: 'test-key', api_base: server.url },
    ...config,
  });
  const ask = async (config: JsonObject, args: JsonObject) =>
    askPlugin(await activePlugin(contentModeration, config, services), 'tool_pre_invoke', {
      name: 'echo',
      args,
      headers: {},
    });

  it.each(CONTENT_MODERATION_CASES)('$title', async (row) => {
    expect(await outcomeOf(contentModeration, row, services)).toEqual(row.expect);
  });

  it('should act on every category that reaches its threshold, the strictest', async () => {
    server.answers({ body: scores({ harassment: 0.99, hate: 0.75 }) });
    const { violation } = await ask(openai(), { message: 'some words' });
    expect(violation).toEqual({
      reason: 'Content moderation',
      description: 'Detected categories: hate, harassment, toxic',
      code: 'CONTENT_MODERATION',
      details: { categories: ['hate', 'harassment', 'toxic'], provider: 'openai', confidence: 0.99 },
    });
  });

  it('should keep the confidence to itself where it is told to', async () => {
    server.answers({ body: scores({ hate: 0.9 }) });
    const { violation } = await ask(openai({ include_confidence_scores: false }), { message: 'some words' });
    expect(violation?.details).not.toHaveProperty('confidence');
  });

  it('should ask once about the same text, and again where nothing is kept', async () => {
    server.answers({ body: scores({ hate: 0 }) });
    const kept = await activePlugin(contentModeration, openai(), services);
    const payload = { name: 'echo', args: { a: 'some words', b: 'some words' }, headers: {} };
    for (let time = 0; time < 3; time++) await askPlugin(kept, 'tool_pre_invoke', payload);
    expect(server.seen).toHaveLength(1);
    const anew = await activePlugin(contentModeration, openai({ enable_caching: false }), services);
    for (let time = 0; time < 2; time++) await askPlugin(anew, 'tool_pre_invoke', payload);
    expect(server.seen).toHaveLength(3);
  });

  it('should not keep a failure', async () => {
    const plugin = await activePlugin(contentModeration, openai({ fallback_on_error: 'block' }), services);
    const payload = { name: 'echo', args: { a: 'some words' }, headers: {} };
    server.answers({ status: 500, body: {} });
    expect((await askPlugin(plugin, 'tool_pre_invoke', payload)).violation?.code).toBe('MODERATION_ERROR');
    server.answers({ body: scores({ hate: 0 }) });
    expect((await askPlugin(plugin, 'tool_pre_invoke', payload)).violation).toBeUndefined();
  });

  it('should show all of a long text, and refuse one that is too long', async () => {
    server.answers(({ body }) => ({ body: scores({ hate: JSON.stringify(body).includes('needle') ? 0.9 : 0 }) }));
    const config = openai({ max_text_length: 500 });
    expect((await ask(config, { message: `${'word '.repeat(2000)}needle` })).violation?.code).toBe(
      'CONTENT_MODERATION',
    );
    expect((await ask(config, { message: 'word '.repeat(10_000) })).violation?.code).toBe('MODERATION_ERROR');
  });

  it('should ask the other provider where the first fails', async () => {
    server.answers(({ path }) =>
      path === '/moderations'
        ? { status: 500, body: {} }
        : { body: { categoriesAnalysis: [{ category: 'Hate', severity: 6 }] } },
    );
    const azure = { api_key: 'test-key', endpoint: server.url };
    const { violation } = await ask(openai({ fallback_provider: 'azure', azure }), { message: 'some words' });
    expect(violation?.details).toMatchObject({ provider: 'azure', categories: ['hate'] });
  });

  it('should let the lexicon judge where none answers, and say so', async () => {
    server.answers({ status: 401, body: {} });
    const { plugin } = await activePlugin(contentModeration, openai(), services);
    const context = new PluginContext(FACTS, new RequestState(), plugin);
    const told = (message: string) =>
      plugin.hooks.tool_pre_invoke?.({ name: 'echo', args: { message }, headers: {} }, context);
    expect(await told('some words')).toEqual({ metadata: { moderation_error: 'openai answered with the status 401' } });
    expect(await told('I am going to kill you')).toMatchObject({ violation: { details: { provider: 'local' } } });
  });

  it('should show a provider what somebody says, not the words of the protocol', async () => {
    server.answers({ body: scores({ hate: 0 }) });
    const plugin = await activePlugin(contentModeration, openai(), services);
    const result = { content: [{ type: 'text', text: 'some words', annotations: { audience: ['user'] } }] };
    await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result });
    expect(server.seen.map(({ body }) => body['input'])).toEqual(['some words']);
  });

  it.each([
    [{ provider: 'aws' }, 'provider "aws" is not supported'],
    [{ provider: 'local', fallback_provider: 'aws' }, 'fallback_provider "aws" is not supported'],
    [{ provider: 'watson' }, 'provider'],
    [{ categories: { rudeness: {} } }, 'categories.rudeness'],
    [{ categories: { hate: { treshold: 0.5 } } }, 'categories.hate.treshold'],
    [{ categories: { hate: { threshold: 7 } } }, 'categories.hate.threshold'],
    [{ categories: { hate: { custom_patterns: ['('] } } }, 'categories.hate.custom_patterns[0]'],
    [{ openai: { api_base: 'ftp://example.com' } }, 'openai.api_base'],
    [{ openai: { api_key: 'a\r\nb' } }, 'openai.api_key'],
    [{ max_text_length: 0 }, 'max_text_length'],
  ])('is not made of %j', async (config, fault) => {
    const made = activePlugin(contentModeration, config, services);
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
  });

  it('is made of what older files have', async () => {
    const file = {
      provider: 'ibm_watson',
      fallback_provider: 'ibm_granite',
      fallback_on_error: 'warn',
      ibm_watson: { api_key: '', url: '', version: '2022-04-07', language: 'en', timeout: 30 },
      ibm_granite: { ollama_url: 'http://localhost:11434', model: 'granite3-guardian', temperature: 0.1, timeout: 30 },
      openai: { api_key: null, api_base: 'https://api.openai.com/v1', model: 'text-moderation-latest', timeout: 30 },
      azure: { api_key: null, endpoint: null, api_version: '2023-10-01' },
      aws: { access_key: null, secret_key: null, region: 'us-east-1' },
      categories: { hate: { threshold: 0.7, action: 'block', providers: ['ibm_watson'], custom_patterns: [] } },
      audit_decisions: true,
      include_confidence_scores: true,
      enable_caching: true,
      cache_ttl: 3600,
      max_text_length: 10_000,
    };
    await expect(activePlugin(contentModeration, file, services)).resolves.toBeDefined();
  });
});
