import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PLUGIN_SERVER, type PluginProcess, startPluginServer } from '../../fixtures/plugins/plugin-process.js';
import { jsonOf } from '../mcp/raw-caller.js';
import { answering } from '../mcp/raw-upstream.js';
import { GuardedGate } from './guarded-gate.js';

describe('an external plugin', () => {
  let guarded: GuardedGate;
  let server: PluginProcess;
  beforeAll(async () => {
    server = await startPluginServer();
    guarded = await GuardedGate.start(
      {},
      { STDIO_ENABLED: 'true', STDIO_ALLOWED_COMMANDS: JSON.stringify([process.execPath]) },
    );
  });
  afterEach(() => guarded.gate.reset());
  afterAll(async () => {
    await guarded.stop();
    await server.close();
  });

  const http = () => ({ proto: 'STREAMABLEHTTP', url: `http://127.0.0.1:${server.port}/mcp` });
  const stdio = () => ({ proto: 'STDIO', cmd: [process.execPath, PLUGIN_SERVER] });
  const entry = (mcp: object, more: object = {}) => ({ name: 'Remote', kind: 'external', mcp, ...more });
  const call = async (text: string) =>
    jsonOf(await guarded.gate.callers.legacy.legacy('tools/call', { name: 'tool', arguments: { text } }));
  const sent = () =>
    guarded.gate.upstreams.legacy.seen
      .map(({ body }) => JSON.parse(body))
      .filter(({ method }) => method === 'tools/call')
      .map(({ params }) => params.arguments);

  it.each([
    ['Streamable HTTP', http],
    ['stdio', stdio],
  ])('blocks and changes calls over %s', async (_, mcp) => {
    await guarded.plugins([entry(mcp())]);
    expect((await call('block')).error).toMatchObject({
      message: expect.stringContaining('REMOTE_NO'),
    });
    expect(sent()).toEqual([]);
    expect(await call('change')).toHaveProperty('result');
    expect(await call('hello')).toHaveProperty('result');
    expect(sent()).toEqual([{ text: 'changed' }, { text: 'hello' }]);
  });

  it('sees the contents of resources', async () => {
    await guarded.plugins([entry(http())]);
    guarded.gate.upstreams.legacy.script = answering('{"contents":[{"uri":"test://a","text":"secret"}]}');
    const { resources } = jsonOf(await guarded.gate.callers.legacy.legacy('resources/list', {})).result;
    const read = await guarded.gate.callers.legacy.legacy('resources/read', { uri: resources[0].uri });
    expect(jsonOf(read).result.contents).toEqual([{ uri: 'test://a', text: '***' }]);
  });

  it.each([
    ['enforce', false],
    ['enforce_ignore_error', true],
    ['permissive', true],
  ])('that is not there counts as its mode says: %s', async (mode, passes) => {
    await guarded.plugins([entry({ ...http(), url: 'http://127.0.0.1:9/mcp' }, { mode })]);
    expect('result' in (await call('hello'))).toBe(passes);
  });

  it.each(['another name', 'args of another type', 'no JSON', 'throw'])(
    'that returns %s fails the call, and nothing goes up',
    async (deed) => {
      await guarded.plugins([entry(http())]);
      expect(await call(deed)).toHaveProperty('error');
      expect(sent()).toEqual([]);
    },
  );

  it('that takes too long fails its call; others are not held up', async () => {
    await guarded.plugins([entry(stdio())], { plugin_timeout: 5 });
    const looping = call('loop');
    const { running } = guarded.gate;
    expect((await fetch(`${running.url}/health`)).status).toBe(200);
    expect(await looping).toHaveProperty('error');
  });

  it.each([
    [{ name: 'Remote', kind: 'external' }, /config\.mcp/],
    [{ name: 'Remote', kind: 'external', config: { mcp: stdio() } }, /config\.mcp/],
    [{ name: 'Remote', kind: 'external', mcp: { proto: 'STDIO', cmd: ['/usr/bin/env'] } }, /STDIO_ALLOWED_COMMANDS/],
    [{ ...entry(stdio()), config: { words: [] } }, /config\.words/],
  ])('is not made of %j', async (entryOf, fault) => {
    await expect(guarded.plugins([entryOf])).rejects.toThrow(fault);
  });
});
