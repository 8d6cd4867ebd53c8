import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { qualifiedName } from '#libs/mcp';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { type AnyClient, CLIENT_KINDS, connectClient, isModernKind } from './official-clients.js';
import { UPSTREAM_SAMPLES, type UpstreamSample } from './upstream-samples.js';

interface Served {
  readonly slug: string;
  readonly prefixed: string;
  readonly original: string;
}

let running: RunningGateway;
let token: string;
const served = new Map<UpstreamSample, Served>();
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  running = await RunningGateway.start();
  token = await running.mint('clients');
  for (const sample of UPSTREAM_SAMPLES) {
    const upstream = await sample.start();
    closing.push(() => upstream.close());
    const gateway = await running.register(sample.name, upstream.url);
    const prefixed = await running.serve(gateway.id);
    const original = await running.serve(gateway.id, { tool_naming: 'original' });
    served.set(sample, {
      slug: gateway.slug,
      prefixed: `/servers/${prefixed.id}/mcp`,
      original: `/servers/${original.id}/mcp`,
    });
  }
});

afterAll(async () => {
  await running.stop();
  for (const close of closing) await close();
});

const open: AnyClient[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

const PAIRS = CLIENT_KINDS.flatMap((kind) => UPSTREAM_SAMPLES.map((sample) => [kind, sample.name, sample] as const));

describe.each(PAIRS)('%s client, upstream %s', (kind, _name, sample) => {
  async function connect(path: string): Promise<AnyClient> {
    const client = await connectClient(kind, running.url + path, token);
    open.push(client);
    return client;
  }
  const at = (): Served => served.get(sample) as Served;
  const prefix = (name: string): string => qualifiedName(at().slug, '-', name);

  it.each(['/servers/{id}/mcp', '/mcp'])('lists and calls tools by their prefixed names on %s', async (door) => {
    const client = await connect(door === '/mcp' ? door : at().prefixed);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(sample.tools.map(prefix)));
    for (const { tool, args, result } of sample.calls) {
      expect(await client.callTool({ name: prefix(tool), arguments: args })).toMatchObject(result);
    }
  });

  it('lists and calls tools and prompts by their own names where the server says so', async () => {
    const client = await connect(at().original);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining([...sample.tools]));
    for (const { tool, args, result } of sample.calls) {
      expect(await client.callTool({ name: tool, arguments: args })).toMatchObject(result);
    }
    const { prompt } = sample;
    expect(await client.getPrompt({ name: prompt.name, arguments: prompt.args })).toMatchObject({
      messages: [{ content: { text: prompt.text } }],
    });
  });

  it.each(['/servers/{id}/mcp', '/mcp'])('lists and reads resources and templates on %s', async (door) => {
    const client = await connect(door === '/mcp' ? door : at().prefixed);
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resources.map(({ uri }) => uri)).toContain(sample.reads[0]?.uri);
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(
      expect.arrayContaining([...sample.templates]),
    );
    for (const { uri, contents } of sample.reads) {
      expect(await client.readResource({ uri })).toMatchObject({ contents: [{ uri, ...contents }] });
    }
    // The v2 client makes -32602 of every spelling of it.
    await expect(client.readResource({ uri: 'test://nothing' })).rejects.toMatchObject({
      code: kind === 'v1' ? -32002 : -32602,
      data: { uri: 'test://nothing' },
    });
  });

  it.each(['/servers/{id}/mcp', '/mcp'])('lists, gets and completes prompts on %s', async (door) => {
    const client = await connect(door === '/mcp' ? door : at().prefixed);
    const { prompt, completion } = sample;
    const name = prefix(prompt.name);
    expect((await client.listPrompts()).prompts.map((listed) => listed.name)).toContain(name);
    expect(await client.getPrompt({ name, arguments: prompt.args })).toMatchObject({
      messages: [{ content: { text: prompt.text } }],
    });
    const completable = completion.argument in prompt.args ? name : prefix('completable-prompt');
    const ref = { type: 'ref/prompt' as const, name: completable };
    const { argument, value, values } = completion;
    expect(await client.complete({ ref, argument: { name: argument, value } })).toMatchObject({
      completion: { values },
    });
  });

  it('answers ping where the revision has it', async () => {
    const client = await connect(at().prefixed);
    if (isModernKind(kind))
      await expect(client.callTool({ name: 'no-such-tool' })).rejects.toMatchObject({ code: -32602 });
    else expect(await client.ping()).toEqual({});
  });
});
