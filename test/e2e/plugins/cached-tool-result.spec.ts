import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf } from '../mcp/raw-caller.js';
import { ERAS } from '../mcp/raw-gate.js';
import { answering } from '../mcp/raw-upstream.js';
import { GuardedGate } from './guarded-gate.js';

let guarded: GuardedGate;
beforeAll(async () => {
  guarded = await GuardedGate.start();
});
afterAll(() => guarded.stop());
beforeEach(async () => {
  guarded.gate.reset();
  await guarded.plugins([]);
  await guarded.plugins([{ name: 'Cache', kind: 'cached_tool_result', config: { cacheable_tools: ['tool'] } }]);
});

describe.each(ERAS)('a result of a %s upstream', (era) => {
  const call = async (args: object, more: object = {}) =>
    jsonOf(await guarded.gate.callers[era][era]('tools/call', { name: 'tool', arguments: args, ...more })).result;
  const seen = () => guarded.gate.upstreams[era].seen.filter(({ body }) => body.includes('tools/call')).length;

  it('answers the same call again, as it was', async () => {
    guarded.gate.upstreams[era].script = answering(
      '{"content":[{"type":"text","text":"once"}],"structuredContent":{"n":1}}',
    );
    const first = await call({ a: 1 });
    expect(await call({ a: 1 })).toEqual(first);
    expect(seen()).toBe(1);
    await call({ a: 2 });
    expect(seen()).toBe(2);
  });

  it('is not kept when it is an error', async () => {
    guarded.gate.upstreams[era].script = answering('{"content":[],"isError":true}');
    await call({ a: 1 });
    await call({ a: 1 });
    expect(seen()).toBe(2);
  });

  it('does not answer who wants a task', async () => {
    await call({ a: 1 });
    await call({ a: 1 }, { task: {} });
    expect(seen()).toBe(2);
  });
});
