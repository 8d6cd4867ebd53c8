import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Egress } from '#libs/egress';
import { ChannelCarrier, SseOpener, STDIO, StdioOpener } from '#libs/mcp';
import {
  PLUGIN_SERVER,
  type PluginProcess,
  startPluginServer,
} from '../../../../test/fixtures/plugins/plugin-process.js';
import { pluginOf } from '../../../../test/fixtures/plugins/plugin-of.js';
import { askPlugin } from '../../../../test/fixtures/plugins/run-case.js';
import { settingsOf } from '../../../../test/fixtures/settings-of.js';
import { listenOnLoopback, readJsonBody } from '../../../../test/fixtures/upstreams/loopback-server.js';
import { nodeRequest } from '../../../../test/fixtures/upstreams/node-request.js';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import { type Certificates, makeCertificates } from '../../../../test/integration/servers/certificates.js';
import { ServerFolder } from '../../../../test/integration/servers/server-folder.js';
import { validated } from '../../config/validated.js';
import type { Hook } from '../../hooks.js';
import type { HookHandlers, Plugin } from '../../plugin.js';
import { RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import type { PluginServices } from '../../plugin-services.js';
import { PluginsSettings } from '../../plugins.settings.js';
import { external } from './external.plugin.js';
import { ExternalSettings } from './external.settings.js';

let egress: Egress;
let server: PluginProcess;
beforeAll(async () => {
  Logger.overrideLogger(false);
  const opener = new StdioOpener({
    enabled: true,
    allowedCommands: [process.execPath, '/bin/sh'],
    maxMessageBytes: 1024 * 1024,
    log: () => undefined,
  });
  const limits = { most: 8, mostPerUpstream: 4, idleMs: 60_000 };
  egress = loopbackEgress((out) => ({
    [STDIO]: new ChannelCarrier(opener, limits),
    'sse+http:': new ChannelCarrier(new SseOpener(out, 1024 * 1024), limits),
  }));
  server = await startPluginServer();
});
const made: Plugin[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map(async (plugin) => plugin.close()));
});
afterAll(async () => {
  await server.close();
  await egress.close(0);
});

const overHttp = (port = server.port) => ({ proto: 'STREAMABLEHTTP', url: `http://127.0.0.1:${port}/mcp` });
const overStdio = (env: object = {}) => ({ proto: 'STDIO', cmd: [process.execPath, PLUGIN_SERVER], env });

async function plugin(
  mcp: object,
  { name = 'Remote', hooks, env = {} }: { name?: string; hooks?: Hook[]; env?: Record<string, string> } = {},
): Promise<Plugin> {
  const settings = settingsOf(PluginsSettings, env);
  const config = validated(ExternalSettings, { mcp, ...(hooks && { hooks }) }, 'config');
  const one = await external.create(config, { egress, settings } as PluginServices, name);
  made.push(one);
  return one;
}
const ask = (one: Plugin, text: string, timeoutMs = 20_000, state = new RequestState()) =>
  askPlugin(pluginOf('Remote', one.hooks, { timeoutMs }), 'tool_pre_invoke', payloadOf(text), { state });
const payloadOf = (text: string) => ({ name: 'echo', args: { text }, headers: { 'x-a': '1' } });

const overSse = () => ({ proto: 'SSE', url: `http://127.0.0.1:${server.port}/sse` });

const TRANSPORTS = [
  ['Streamable HTTP', () => overHttp()],
  ['HTTP+SSE', overSse],
  ['stdio', () => overStdio()],
] as const;

describe('what a server answers', () => {
  let one: Plugin;
  beforeAll(async () => {
    one = await plugin(overHttp());
    made.length = 0;
  });
  afterAll(async () => one.close());

  it.each([
    ['error', 'failed (BROKEN)'],
    ['throw', 'answered with an error'],
    ['a payload that is none', 'returned a payload that is no object'],
    ['no JSON', 'answered with no object'],
    ['a member twice', 'answered with no object'],
    ['no result', 'returned neither a result nor an error'],
    ['a list', 'answered with no object'],
    ['no content', 'answered with no object'],
    ['yes as text', 'continue_processing'],
    ['too deep', 'answered with no object'],
    ['another name', 'changed name'],
    ['another member', 'changed colour'],
    ['headers of numbers', 'no text among headers'],
    ['a context that is none', 'context that is no object'],
    ['a large context', 'context with more than'],
  ])('fails the call where it is no answer: %s', async (deed, why) => {
    const error = await failureOf(one, deed);
    expect(error).toContain(why);
    expect(error).not.toContain('secret');
  });

  it('fails the call where it is a payload with a member of another type', async () => {
    expect(await ask(one, 'args of another type')).toMatchObject({ failed: true });
  });
});

describe.each(TRANSPORTS)('a plugin over %s', (_, mcp) => {
  it('refuses, changes, and lets pass', async () => {
    const one = await plugin(mcp());
    expect((await ask(one, 'block')).violation).toEqual({
      reason: 'Not today',
      description: 'The server says no',
      code: 'REMOTE_NO',
      details: { count: 1 },
      httpStatus: 451,
    });
    expect((await ask(one, 'block without a word')).violation).toMatchObject({ code: 'BLOCKED' });
    expect((await ask(one, 'change')).payload).toEqual({ ...payloadOf('x'), args: { text: 'changed' } });
    expect((await ask(one, 'say nothing of headers')).payload).toEqual({
      ...payloadOf('x'),
      args: { text: 'changed' },
    });
    expect(await ask(one, 'only mention')).toEqual({ payload: payloadOf('only mention') });
    expect(await ask(one, 'hello')).toEqual({ payload: payloadOf('hello') });
  });

  it.each([
    ['throw', 'answered with an error'],
    ['allocate 100 MB', 'gave no answer'],
  ])('fails on %s, and serves the next call', async (deed, why) => {
    const one = await plugin(mcp());
    expect(await failureOf(one, deed)).toContain(why);
    expect(await ask(one, 'change')).toMatchObject({ payload: { args: { text: 'changed' } } });
  });

  it('keeps what the server keeps in its context, for one request', async () => {
    const one = await plugin(mcp());
    const state = new RequestState();
    expect(await metadataOf(one, ['first', 'again'], state)).toMatchObject({
      hook: 'tool_pre_invoke',
      payload: payloadOf('again'),
      context: {
        state: { count: 1 },
        global_context: {
          request_id: 'request-1',
          user: 'alice@example.com',
          tenant_id: 'team-1',
          server_id: null,
          state: { seen: 'tool_pre_invoke' },
        },
      },
    });
    expect(state.shared.has('seen')).toBe(false);
    expect(await metadataOf(one, ['first'], new RequestState())).toHaveProperty('context.state', {});
  });

  it('is left alone in time, and answers others meanwhile', async () => {
    const one = await plugin(mcp());
    await ask(one, 'hello');
    const [waiting, other] = await Promise.all([ask(one, 'wait', 300), ask(one, 'change')]);
    expect(waiting).toMatchObject({ failed: true });
    expect(other.payload.args).toEqual({ text: 'changed' });
  });

  it('is asked for the hooks alone that its server says it has, or that its entry names', async () => {
    const before = { promptId: 'greet', args: { text: 'block' } };
    const askPrompt = async (hooks?: Hook[]) => {
      const one = await plugin(mcp(), hooks && { hooks });
      return askPlugin(pluginOf('Remote', one.hooks), 'prompt_pre_fetch', before);
    };
    expect(await askPrompt()).toEqual({ payload: before });
    expect((await askPrompt(['prompt_pre_fetch'])).violation).toMatchObject({ code: 'REMOTE_NO' });
  });

  it('sees each content of a resource', async () => {
    const one = await plugin(mcp());
    const contents = [
      { uri: 'test://a', text: 'open' },
      { uri: 'test://a', text: 'secret' },
    ];
    const payload = { uri: 'test://a', result: { contents } };
    expect((await askPlugin(pluginOf('Remote', one.hooks), 'resource_post_fetch', payload)).payload.result).toEqual({
      contents: [contents[0], { uri: 'test://a', text: '***' }],
    });
  });

  it('fails where the server has no plugin of the name', async () => {
    expect(await ask(await plugin(mcp(), { name: 'Other' }), 'hello')).toMatchObject({ failed: true });
  });
});

describe('the server of a plugin', () => {
  it.each([
    ['process', () => overStdio()],
    ['server', async () => overHttp((await startPluginServer()).port)],
  ])('may end in the middle of a call, which fails: a %s', async (_, mcp) => {
    const one = await plugin(await mcp());
    await ask(one, 'hello');
    expect(await failureOf(one, 'crash')).toContain('gave no answer (closed)');
  });

  it('may speak 2026-07-28', async () => {
    const text = (value: object) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) }] });
    const built = () => {
      const mcp = new McpServer({ name: 'modern', version: '1' });
      const any = { inputSchema: fromJsonSchema<Record<string, unknown>>({ type: 'object' }) };
      mcp.registerTool('get_plugin_config', any, () => text({ name: 'Remote', hooks: ['tool_pre_invoke'] }));
      mcp.registerTool('invoke_hook', any, (args) =>
        text({ result: { modified_payload: { args: { text: String(args['hook_type']) } } } }),
      );
      return mcp;
    };
    const handler = createMcpHandler(built, { keepAliveMs: 0 });
    const serve = toNodeHandler(handler);
    const http = await listenOnLoopback(async (request, response) => {
      const body = await readJsonBody(request);
      await serve(nodeRequest(request), response, body);
    });
    const one = await plugin({ proto: 'STREAMABLEHTTP', url: `${http.origin}/mcp` });
    expect((await ask(one, 'hello')).payload.args).toEqual({ text: 'tool_pre_invoke' });
    await handler.close();
    await http.close();
  });

  it('may be a script, which an interpreter of the list runs', async () => {
    const folder = new ServerFolder();
    writeFileSync(folder.join('plugin.sh'), `exec "${process.execPath}" "$1"`);
    const one = await plugin({ proto: 'STDIO', script: 'plugin.sh', cwd: folder.path, args: [PLUGIN_SERVER] });
    expect((await ask(one, 'change')).payload.args).toEqual({ text: 'changed' });
    folder.remove();
  });

  it('gets a new process when the old one does not end', async () => {
    const one = await plugin(overStdio());
    await ask(one, 'hello');
    expect(await ask(one, 'loop', 200)).toMatchObject({ failed: true });
    await ask(one, 'hello');
    expect(await ask(one, 'crash')).toMatchObject({ failed: true });
    expect(await ask(one, 'hello')).toEqual({ payload: payloadOf('hello') });
  });

  it('is found again after it was away', async () => {
    const first = await startPluginServer();
    const one = await plugin(overHttp(first.port));
    await ask(one, 'hello');
    await first.close();
    expect(await ask(one, 'hello')).toMatchObject({ failed: true });
    const second = await startPluginServer({ PORT: String(first.port) });
    expect(await ask(one, 'hello')).toEqual({ payload: payloadOf('hello') });
    await second.close();
  });

  it('that is not there fails the call, and those right after it at once', async () => {
    const one = await plugin({ proto: 'STREAMABLEHTTP', url: 'http://127.0.0.1:9/mcp' });
    expect(await ask(one, 'hello')).toMatchObject({ failed: true });
    expect(await ask(one, 'hello')).toMatchObject({ failed: true });
  });

  it.each<[object, RegExp | string]>([
    [{}, 'proto'],
    [{ proto: 'GRPC' }, 'proto'],
    [{ proto: 'STREAMABLEHTTP' }, 'mcp.url must be set'],
    [{ proto: 'STREAMABLEHTTP', url: 'http://10.0.0.1/mcp' }, 'mcp.url:'],
    [{ proto: 'STREAMABLEHTTP', url: 'file:///etc/passwd' }, 'url'],
    [{ ...overHttp(1), tls: {} }, 'mcp.tls is of no use'],
    [{ proto: 'STREAMABLEHTTP', url: 'http://127.0.0.1/mcp', headers: { 'a b': 'c' } }, 'mcp.headers has "a b"'],
    [{ proto: 'STDIO' }, 'mcp.cmd or mcp.script'],
    [{ proto: 'STDIO', cmd: ['/usr/bin/env'] }, 'mcp.cmd: Refused'],
    [{ proto: 'STDIO', script: 'plugin.js' }, 'must end in .py or .sh'],
    [{ proto: 'STDIO', script: 'none.py' }, 'names a file that is not there'],
    [{ proto: 'STDIO', cmd: [process.execPath], env: { 'A B': 'c' } }, 'mcp.env has "A B"'],
    [{ proto: 'STREAMABLEHTTP', url: 'https://127.0.0.1/mcp', tls: { client_cert: 'none.pem' } }, "can't be used"],
    [{ ...overStdio(), uds: '/tmp/socket' }, 'uds'],
  ])('is not found in %j', async (mcp, fault) => {
    const error = await plugin(mcp).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PluginConfigError);
    expect((error as PluginConfigError).faults.join('\n')).toMatch(fault);
  });
});

describe('TLS of a plugin', () => {
  let folder: ServerFolder;
  let certificates: Certificates;
  let secured: PluginProcess;
  const url = () => ({ proto: 'STREAMABLEHTTP', url: `https://localhost:${secured.port}/mcp` });

  /** A certificate for a client, signed by the test's authority, or by itself. */
  function clientCertificate(name: string, signed: boolean, more: readonly string[] = ['-nodes']): object {
    const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder.path, stdio: 'pipe' });
    const wanted = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', ...more, '-subj', `/CN=${name}`];
    const key = ['-keyout', `${name}.key`];
    if (signed) {
      openssl('req', ...wanted, ...key, '-out', `${name}.csr`);
      const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
      openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
    } else openssl('req', '-x509', '-days', '2', ...wanted, ...key, '-out', `${name}.pem`);
    return { client_cert: folder.join(`${name}.pem`), client_key: folder.join(`${name}.key`) };
  }

  beforeAll(async () => {
    folder = new ServerFolder();
    certificates = makeCertificates(folder);
    const { ca, cert, key } = certificates;
    secured = await startPluginServer({ TLS_CERT: cert, TLS_KEY: key, TLS_CA: ca });
  });
  afterAll(async () => {
    await secured.close();
    folder.remove();
  });

  it('shows the certificate of the plugin, and trusts its authority alone', async () => {
    const tls = { ...clientCertificate('client', true), ca_bundle: certificates.ca };
    expect(await ask(await plugin({ ...url(), tls }), 'hello')).toEqual({ payload: payloadOf('hello') });
  });

  it('is as PLUGINS_CLIENT_MTLS_* says, where the entry does not', async () => {
    clientCertificate('default', true, ['-passout', 'pass:test-only']);
    const env = {
      PLUGINS_CLIENT_MTLS_CERTFILE: folder.join('default.pem'),
      PLUGINS_CLIENT_MTLS_KEYFILE: folder.join('default.key'),
      PLUGINS_CLIENT_MTLS_KEYFILE_PASSWORD: 'test-only',
      PLUGINS_CLIENT_MTLS_CA_BUNDLE: certificates.ca,
    };
    expect(await ask(await plugin(url(), { env }), 'hello')).toEqual({ payload: payloadOf('hello') });
    const wrong = { ...env, PLUGINS_CLIENT_MTLS_KEYFILE_PASSWORD: 'wrong' };
    await expect(plugin(url(), { env: wrong })).rejects.toThrow(PluginConfigError);
  });

  it.each([
    ['no certificate', () => ({})],
    ['a certificate that nobody signed', () => clientCertificate('stranger', false)],
  ])('fails with %s', async (_, tls) => {
    const one = await plugin({ ...url(), tls: { ...tls(), ca_bundle: certificates.ca } });
    expect(await ask(one, 'hello')).toMatchObject({ failed: true });
  });

  it('fails on a server of another authority, or of another name, unless it is not looked at', async () => {
    const client = clientCertificate('careful', true);
    const stranger = clientCertificate('authority', false) as { client_cert: string };
    const asked = async (tls: object, host = 'localhost') => {
      const mcp = { ...url(), url: `https://${host}:${secured.port}/mcp`, tls: { ...client, ...tls } };
      const { failed = false } = await ask(await plugin(mcp), 'hello');
      return failed;
    };
    const ca_bundle = certificates.ca;
    expect(await asked({})).toBe(true);
    expect(await asked({ ca_bundle: stranger.client_cert })).toBe(true);
    expect(await asked({ verify: false })).toBe(false);
    expect(await asked({ ca_bundle }, '127.0.0.1')).toBe(true);
    expect(await asked({ ca_bundle, check_hostname: false }, '127.0.0.1')).toBe(false);
  });

  it('needs files that are PEM, and a key with a certificate', async () => {
    writeFileSync(folder.join('empty.pem'), '');
    for (const tls of [{ ca_bundle: folder.join('empty.pem') }, { client_cert: certificates.cert }])
      await expect(plugin({ ...url(), tls })).rejects.toThrow(PluginConfigError);
  });
});

/** What the plugin throws. */
async function failureOf(one: Plugin, text: string): Promise<string> {
  let thrown: unknown;
  const hooks = seen(
    one,
    () => undefined,
    (error) => void (thrown = error),
  );
  expect(
    await askPlugin(pluginOf('Remote', hooks, { timeoutMs: 60_000 }), 'tool_pre_invoke', payloadOf(text)),
  ).toMatchObject({
    failed: true,
  });
  return String(thrown);
}

/** The metadata of the last of several calls of one request. */
async function metadataOf(one: Plugin, texts: readonly string[], state: RequestState): Promise<unknown> {
  let metadata: unknown;
  const active = pluginOf(
    'Remote',
    seen(one, (said) => void ({ metadata } = said ?? {})),
  );
  for (const text of texts) await askPlugin(active, 'tool_pre_invoke', payloadOf(text), { state });
  return metadata;
}

type ToolHook = NonNullable<HookHandlers['tool_pre_invoke']>;

/** The hook of a plugin, with what it says and throws told to a test. */
const seen = (
  one: Plugin,
  said: (result: Awaited<ReturnType<ToolHook>>) => void,
  threw: (error: unknown) => void = () => undefined,
): HookHandlers => ({
  tool_pre_invoke: async (payload, context) => {
    try {
      const result = await one.hooks.tool_pre_invoke?.(payload, context);
      said(result);
      return result;
    } catch (error) {
      threw(error);
      throw error;
    }
  },
});
