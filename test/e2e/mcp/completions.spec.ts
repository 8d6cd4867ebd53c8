import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf, RawCaller } from './raw-caller.js';
import { ERAS, PAIRS, RawGate } from './raw-gate.js';
import { answering, RawUpstream } from './raw-upstream.js';

const ARGUMENT = { name: 'id', value: 'a"b' };
const PROMPT = { type: 'ref/prompt', name: 'prompt' };
const TEMPLATE = { type: 'ref/resource', uri: 'raw://many/{id}' };

let gate: RawGate;
beforeAll(async () => {
  gate = await RawGate.start();
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

describe.each(PAIRS)('a completion for a %s client by a %s upstream', (down, up) => {
  it.each([PROMPT, TEMPLATE])('reaches the owner of %j', async (ref) => {
    gate.upstreams[up].script = answering('{"completion":{"values":["one"],"total":1.0}}');
    const params = { ref, argument: ARGUMENT, context: { arguments: { other: 'x' } } };
    const answer = await gate.callers[up][down]('completion/complete', params, { id: 'c' });
    expect(jsonOf(answer)).toMatchObject({ id: 'c', result: { completion: { values: ['one'] } } });
    expect(answer.body.toString()).toContain('"total":1.0');
    const seen = JSON.parse(gate.upstreams[up].seen.at(-1)?.body ?? '');
    expect(seen).toMatchObject({ method: 'completion/complete', params });
  });

  it('of a prefixed prompt is asked for under the upstream’s name', async () => {
    const caller = new RawCaller(`${gate.running.url}/mcp`, gate.token);
    const ref = { type: 'ref/prompt', name: `${up}-upstream-prompt` };
    await caller[down]('completion/complete', { ref, argument: ARGUMENT });
    caller.close();
    expect(gate.upstreams[up].seen.at(-1)?.body).toContain('"ref":{"type":"ref/prompt","name":"prompt"}');
  });

  it.each([
    { type: 'ref/prompt', name: 'none' },
    { type: 'ref/resource', uri: 'raw://one' },
    { type: 'ref/tool' },
    'x',
    null,
  ])('of nothing is refused: %j', async (ref) => {
    const answer = await gate.callers[up][down]('completion/complete', { ref, argument: ARGUMENT });
    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toMatchObject({ error: { code: -32602 } });
  });
});

describe('a completion', () => {
  it.each([
    [PROMPT, 'prompts.read', 'resources.read'],
    [TEMPLATE, 'resources.read', 'prompts.read'],
  ])('of %j needs %s, and %s is not enough', async (ref, needed, other) => {
    for (const [permission, status] of [
      [needed, 200],
      [other, 403],
    ] as const) {
      const token = await gate.running.mint(`${ref.type} ${permission}`, { permissions: [permission] });
      const caller = new RawCaller(gate.callers.modern.endpoint, token);
      expect((await caller.modern('completion/complete', { ref, argument: ARGUMENT })).status).toBe(status);
      caller.close();
    }
  });

  it.each(ERAS)('by an upstream that has none is empty (%s)', async (era) => {
    const upstream = await RawUpstream.start(era, { capabilities: { prompts: {} } });
    const { id } = await gate.running.register(`without ${era}`, upstream.url);
    const server = await gate.running.serve(id, { tool_naming: 'original' });
    const caller = new RawCaller(`${gate.running.url}/servers/${server.id}/mcp`, gate.token);
    for (const down of ERAS) {
      const { result } = jsonOf(await caller[down]('completion/complete', { ref: PROMPT, argument: ARGUMENT }));
      expect(result).toMatchObject({ completion: { values: [], total: 0, hasMore: false } });
      expect(result.resultType).toBe(down === 'modern' ? 'complete' : undefined);
    }
    expect(upstream.seen.filter(({ body }) => body.includes('completion'))).toEqual([]);
    caller.close();
    await upstream.close();
  });
});
