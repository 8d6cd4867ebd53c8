import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf } from '../mcp/raw-caller.js';
import { ERAS } from '../mcp/raw-gate.js';
import { answering } from '../mcp/raw-upstream.js';
import { GuardedGate } from './guarded-gate.js';

const BLOCK = { name: 'Watchdog', kind: 'watchdog', config: { max_duration_ms: 60, action: 'block' } };

let guarded: GuardedGate;
beforeAll(async () => {
  guarded = await GuardedGate.start({}, { CIRCUIT_BREAKER_THRESHOLD: '1' });
});
afterAll(() => guarded.stop());
beforeEach(() => guarded.gate.reset());

describe.each(ERAS)('a call that takes too long at a %s upstream', (era) => {
  it('is ended there, and refused here', async () => {
    await guarded.plugins([BLOCK]);
    let closed: Promise<unknown> | undefined;
    guarded.gate.upstreams[era].script = ({ response }) => void (closed = once(response, 'close'));
    const answer = await guarded.gate.callers[era][era]('tools/call', { name: 'tool' });
    expect(answer.status).toBe(504);
    expect(jsonOf(answer).error.data).toMatchObject({
      plugin_error_code: 'WATCHDOG_TIMEOUT',
      details: { watchdog_limit_ms: 60 },
    });
    await closed;
  });

  it('does not make the upstream count as down', async () => {
    await guarded.plugins([BLOCK]);
    guarded.gate.upstreams[era].script = () => undefined;
    for (let call = 0; call < 3; call += 1) await guarded.gate.callers[era][era]('tools/call', { name: 'tool' });
    guarded.gate.upstreams[era].script = answering('{"content":[]}');
    expect(jsonOf(await guarded.gate.callers[era][era]('tools/call', { name: 'tool' })).result).toBeDefined();
  });
});

it('ends calls of tools that the gateway keeps', async () => {
  await guarded.plugins([BLOCK]);
  let closed: Promise<unknown> | undefined;
  const silent = createServer((_, response) => void (closed = once(response, 'close'))).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/slow`;
  const tool = { name: 'slow', url, integration_type: 'REST', request_type: 'GET', description: 'Never answers.' };
  const made = await guarded.gate.running.rest('POST', '/tools', { tool });
  expect(made.status).toBe(200);
  const answer = await guarded.gate.at({ path: '/mcp' }).modern('tools/call', { name: 'slow', arguments: {} });
  expect(jsonOf(answer).error?.data.plugin_error_code).toBe('WATCHDOG_TIMEOUT');
  await closed;
  silent.close();
});
