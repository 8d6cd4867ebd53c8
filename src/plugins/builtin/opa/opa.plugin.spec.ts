import { Logger } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import {
  listenOnLoopback,
  type LoopbackServer,
  readJsonBody,
} from '../../../../test/fixtures/upstreams/loopback-server.js';
import type { ActivePlugin } from '../../chain/active-plugin.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { RequestState } from '../../plugin-context.js';
import type { PluginServices } from '../../plugin-services.js';
import { OPA_CASES } from './opa.cases.js';
import { opa } from './opa.plugin.js';
import { POLICY_HOOKS } from './policy-input.js';

const egress = loopbackEgress();
const services = { egress } as PluginServices;

/** An OPA as its Data API is documented: `POST /v1/data/{path}` with `{"input": …}`. */
let server: LoopbackServer;
let asked: {
  readonly path: string;
  readonly body: ReturnType<typeof JSON.parse>;
  readonly headers: IncomingMessage['headers'];
}[] = [];
let respond: (response: ServerResponse) => void;
const json =
  (value: unknown, status = 200) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

beforeAll(async () => {
  Logger.overrideLogger(false);
  server = await listenOnLoopback(async (request, response) => {
    asked.push({ path: request.url ?? '', body: await readJsonBody(request), headers: request.headers });
    respond(response);
  });
});
afterAll(async () => {
  await server.close();
  await egress.close(0);
});
beforeEach(() => {
  asked = [];
  respond = json({ result: true });
});

const ENDPOINTS = POLICY_HOOKS.map((hook) => `allow_${hook}`);
const extensions = (more: object = {}) => ({ policy: 'portcullis/example', policy_endpoints: ENDPOINTS, ...more });
const applied = (more: object = {}, context: string[] = []) => ({
  tools: [{ tool_name: 'git-*', context, extensions: extensions(more) }],
  prompts: [{ prompt_name: 'greet', extensions: extensions(more) }],
  resources: [{ resource_uri: 'file:///etc/*', extensions: extensions(more) }],
});
const made = (config: object = {}): Promise<ActivePlugin> =>
  activePlugin(opa, { opa_base_url: `${server.origin}/v1/data`, applied_to: applied(), ...config }, services);
const call = { name: 'git-status', args: { path: '/srv' }, headers: {} };
const askTool = async (config: object = {}, payload = call) =>
  askPlugin(await made(config), 'tool_pre_invoke', payload);

describe('opa', () => {
  it.each(OPA_CASES)('$title', async (row) => {
    expect(await outcomeOf(opa, row, services)).toEqual(row.expect);
  });

  it.each([
    [true, undefined],
    [{ allow: true }, undefined],
    [{ allow: true, reason: 'fine' }, undefined],
    [false, {}],
    [{ allow: false }, {}],
    [{ allow: false, reason: 'not on Sundays' }, { reason: 'not on Sundays' }],
    [undefined, { no_decision: 'undefined' }],
    ['true', { no_decision: 'not_a_decision' }],
    [1, { no_decision: 'not_a_decision' }],
    [null, { no_decision: 'not_a_decision' }],
    [[], { no_decision: 'not_a_decision' }],
    [[true], { no_decision: 'not_a_decision' }],
    [{}, { no_decision: 'not_a_decision' }],
    [{ allow: 'true' }, { no_decision: 'not_a_decision' }],
  ])('takes the result %j', async (result, details) => {
    respond = json({ result, decision_id: 'abc-1' });
    const { violation } = await askTool();
    expect(violation).toEqual(
      details && {
        reason: 'OPA policy denied for tool_pre_invoke',
        description: 'tool_pre_invoke not allowed',
        code: 'DENY',
        details: {
          policy: 'portcullis/example/allow_tool_pre_invoke',
          decision_id: 'abc-1',
          ...details,
        },
      },
    );
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['an error', json({ code: 'internal_error' }, 500), 'status'],
    ['an error that says yes', json({ result: true }, 500), 'status'],
    ['another success', json({ result: true }, 201), 'status'],
    ['a redirect', (response) => void response.writeHead(302, { location: '/v1/data/yes' }).end(), 'status'],
    ['what is no JSON', (response) => void response.end('true'), 'not_a_decision'],
    ['a result twice', (response) => void response.end('{"result":false,"result":true}'), 'not_a_decision'],
    ['too much', json({ result: true, more: 'x'.repeat(100_000) }), 'too_large'],
    ['nothing in time', () => undefined, 'timeout'],
    ['a cut connection', (response) => void response.destroy(), 'unreachable'],
  ])('refuses on %s, asking once', async (_, answer, why) => {
    respond = answer;
    const { violation } = await askTool({ timeout_ms: why === 'timeout' ? 50 : 5000 });
    expect(violation).toMatchObject({ code: 'DENY', details: { no_decision: why } });
    expect(asked).toHaveLength(1);
  });

  it('lets calls pass while OPA is away, where the configuration says so; an answer that is no yes still refuses', async () => {
    respond = json({}, 503);
    expect(await askTool({ on_unavailable: 'allow' })).not.toHaveProperty('violation');
    for (const answer of [json({}), json({ result: 'true' }), json({ result: false })]) {
      respond = answer;
      expect(await askTool({ on_unavailable: 'allow' })).toHaveProperty('violation');
    }
  });

  it('shows the policy who calls what, with the hook and without credentials', async () => {
    const principal = {
      kind: 'api_token',
      isAdmin: false,
      teams: { kind: 'teams', ids: new Set(['team-1', 'team-2']), narrowed: true },
      roles: [{ name: 'developer', scope: 'team', teamId: 'team-1' }],
      restrictions: { permissions: new Set(['tools.execute']) },
    };
    const target = {
      id: 'tool-1',
      name: 'git-status',
      upstreamName: 'status',
      gateway: { id: 'gateway-1', name: 'Git', slug: 'git' },
      tags: ['vcs'],
      annotations: { readOnlyHint: true },
      teamId: 'team-1',
      visibility: 'team',
    };
    const facts = { ...FACTS, serverId: 'server-1', principal, target } as unknown as typeof FACTS;
    const headers = { 'x-tenant': 'acme', 'x-vault-tokens': '{}', 'x-api-key': 'k', cookie: 'c', authorization: 'a' };
    await askPlugin(await made(), 'tool_pre_invoke', { ...call, name: 'status', headers }, { facts });
    expect(asked[0]).toMatchObject({ path: '/v1/data/portcullis/example/allow_tool_pre_invoke' });
    expect(asked[0]?.body).toEqual({
      input: {
        hook: 'tool_pre_invoke',
        kind: 'tools/call',
        mode: 'input',
        user: 'alice@example.com',
        tenant: 'team-1',
        auth_method: 'api_token',
        is_admin: false,
        teams: ['team-1', 'team-2'],
        roles: [{ name: 'developer', scope: 'team', team: 'team-1' }],
        scopes: ['tools.execute'],
        server_id: 'server-1',
        request_id: 'request-1',
        request_ip: '127.0.0.1',
        user_agent: 'test',
        headers: { 'x-tenant': 'acme' },
        tool: {
          id: 'tool-1',
          name: 'git-status',
          upstream_name: 'status',
          gateway: { id: 'gateway-1', name: 'Git', slug: 'git' },
          tags: ['vcs'],
          annotations: { readOnlyHint: true },
          team: 'team-1',
          visibility: 'team',
        },
        payload: { name: 'status', args: { path: '/srv' } },
        context: {},
      },
    });
  });

  it('asks about prompts, resources and results, each by its own endpoint', async () => {
    const plugin = await made();
    await askPlugin(plugin, 'prompt_pre_fetch', { promptId: 'greet', args: { a: 'b' } });
    await askPlugin(plugin, 'resource_post_fetch', { uri: 'file:///etc/hosts', result: { contents: [] } });
    expect(asked.map(({ path }) => path.split('/').at(-1))).toEqual([
      'allow_prompt_pre_fetch',
      'allow_resource_post_fetch',
    ]);
    expect(asked.map(({ body: { input } }) => [input.kind, input.mode, input.payload])).toEqual([
      ['prompts/get', 'input', { prompt_id: 'greet', args: { a: 'b' } }],
      ['resources/read', 'output', { uri: 'file:///etc/hosts', result: { contents: [] } }],
    ]);
  });

  it('takes the endpoint of exactly the name of the hook before one that has it in its own', async () => {
    await askTool({ applied_to: applied({ policy_endpoints: ['deny_tool_pre_invoke_never', 'tool_pre_invoke'] }) });
    expect(asked[0]?.path).toBe('/v1/data/portcullis/example/tool_pre_invoke');
  });

  it('asks nothing about a target whose name only holds the one that is named', async () => {
    await askTool({}, { ...call, name: 'my-git-status' });
    expect(asked).toEqual([]);
  });

  it('adds what the configuration maps', async () => {
    const state = new RequestState();
    state.shared.set('opa_policy_context', { git_context: { branch: 'main' } });
    const map = { 'context.git_context.branch': 'branch', 'payload.args.path': 'path', 'payload.none': 'none' };
    const plugin = await made({
      applied_to: applied({ policy_input_data_map: map }, ['global.opa_policy_context.git_context']),
    });
    await askPlugin(plugin, 'tool_pre_invoke', call, { state });
    expect(asked[0]?.body.input).toMatchObject({
      context: { git_context: { branch: 'main' } },
      branch: 'main',
      path: '/srv',
      none: null,
    });
  });

  it('sends the token of the configuration', async () => {
    await askTool({ opa_token: 'test-token' });
    expect(asked[0]?.headers.authorization).toBe('Bearer test-token');
  });

  it('remembers decisions about the same input alone, and only where it is told to', async () => {
    const plugin = await made({ cache_size: 10, cache_ttl_ms: 60_000 });
    const other = { ...FACTS, user: 'bob@example.com' };
    await askPlugin(plugin, 'tool_pre_invoke', call);
    await askPlugin(plugin, 'tool_pre_invoke', call, { facts: { ...FACTS, requestId: 'request-2' } });
    expect(asked).toHaveLength(1);
    await askPlugin(plugin, 'tool_pre_invoke', call, { facts: other });
    await askPlugin(plugin, 'tool_pre_invoke', { ...call, args: { path: '/etc' } });
    expect(asked).toHaveLength(3);
    respond = json({}, 500);
    const fresh = { ...call, args: { path: '/new' } };
    expect(await askPlugin(plugin, 'tool_pre_invoke', fresh)).toHaveProperty('violation');
    respond = json({ result: true });
    expect(await askPlugin(plugin, 'tool_pre_invoke', fresh)).not.toHaveProperty('violation');
  });

  it.each([
    [{ opa_base_url: 'ftp://opa/' }],
    [{ opa_base_url: 'http://10.0.0.1/v1/data/' }],
    [{ applied_to: undefined }],
    [{ applied_to: {} }],
    [{ applied_to: { tools: [{ tool_name: 'a' }] } }],
    [{ applied_to: applied({ policy: '../../v1/policies' }) }],
    [{ applied_to: applied({ policy_endpoints: [] }) }],
    [{ applied_to: applied({ policy_input_data_map: { 'payload.args.user': 'user' } }) }],
    [{ timeout_ms: 0 }],
    [{ on_unavailable: 'ignore' }],
    [{ colour: 'red' }],
  ])('is not made of %j', async (config) => {
    await expect(made(config)).rejects.toThrow(PluginConfigError);
  });
});
