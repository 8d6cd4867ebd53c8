import { setImmediate as immediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import type { RogueBehaviourName } from '../../fixtures/upstreams/rogue-behaviours.js';
import { type RogueUpstream, startRogueUpstream } from '../../fixtures/upstreams/rogue-upstream.js';
import { jsonOf, legacyMessage, modernMessage, type RawAnswer, RawCaller } from './raw-caller.js';
import { type Era, ERAS, PAIRS } from './raw-gate.js';
import { usageOf } from './usage-of.js';

const MEBIBYTE = 1024 * 1024;
const rejections: unknown[] = [];
const note = (reason: unknown): number => rejections.push(reason);

/** A gateway and a rogue of each era behind it. */
interface Scene {
  readonly running: RunningGateway;
  readonly rogues: Record<Era, RogueUpstream>;
  readonly callers: Record<Era, RawCaller>;
}

let scene: Scene;
/** The same with room for one mebibyte. */
let narrow: Scene;

async function stage(settings: Record<string, string>): Promise<Scene> {
  const running = await RunningGateway.start({ TOOL_TIMEOUT: '1', ...settings });
  const token = await running.mint('faults');
  const rogues = {
    modern: await startRogueUpstream({ era: 'modern' }),
    legacy: await startRogueUpstream({ era: 'legacy' }),
  };
  const callerOf = async (era: Era): Promise<RawCaller> => {
    const { id } = await running.register(`rogue ${era}`, rogues[era].url);
    const server = await running.serve(id, { tool_naming: 'original' });
    return new RawCaller(`${running.url}/servers/${server.id}/mcp`, token);
  };
  return { running, rogues, callers: { modern: await callerOf('modern'), legacy: await callerOf('legacy') } };
}

beforeAll(async () => {
  process.on('unhandledRejection', note);
  scene = await stage({});
  narrow = await stage({ MCP_MAX_RESPONSE_BYTES: String(MEBIBYTE) });
});

afterAll(async () => {
  for (const { running, rogues, callers } of [scene, narrow]) {
    for (const era of ERAS) callers[era].close();
    await running.stop();
    for (const era of ERAS) await rogues[era].close();
  }
  process.off('unhandledRejection', note);
});

/** Whatever an upstream did: the next call is served, and nothing was left behind. */
afterEach(async () => {
  for (const { callers } of [scene, narrow]) {
    for (const [down, up] of PAIRS) {
      expect(jsonOf(await callers[up][down]('tools/call', { name: 'well_behaved' }))).toMatchObject({
        id: 1,
        result: { content: [{ text: 'well_behaved' }] },
      });
    }
  }
  expect(rejections).toEqual([]);
});

function call({ callers }: Scene, down: Era, up: Era, name: RogueBehaviourName): Promise<RawAnswer> {
  return callers[up][down]('tools/call', { name }, { meta: { progressToken: 'p' } });
}

async function expectFault({ running }: Scene, answer: RawAnswer, tool: string, reason: string): Promise<void> {
  expect(answer.status).toBe(200);
  const text = answer.body.toString();
  const body = text.startsWith('event:') ? JSON.parse(text.slice(text.lastIndexOf('data: ') + 6)) : jsonOf(answer);
  expect(body).toEqual({
    jsonrpc: '2.0',
    id: 1,
    error: { code: -32603, message: expect.any(String), data: { reason } },
  });
  expect(text).not.toMatch(/127\.0\.0\.1|rogue|secret|stack|:\d{4,5}/);
  expect(answer.headers['www-authenticate']).toBeUndefined();
  expect(await usageOf(running, answer.headers['x-correlation-id'])).toMatchObject({
    mcp_method: 'tools/call',
    target: tool,
    gateway_id: expect.any(String),
    status_code: 200,
    outcome: 'error',
    block_reason: reason,
    bytes_out: answer.body.length,
  });
}

const FAULTS: readonly (readonly [RogueBehaviourName, string])[] = [
  ['html', 'upstream_invalid_answer'],
  ['broken_json', 'upstream_invalid_answer'],
  ['wrong_id', 'upstream_invalid_answer'],
  ['unasked_gzip', 'upstream_invalid_answer'],
  ['redirect', 'upstream_invalid_answer'],
  ['half_json_then_close', 'upstream_closed'],
  ['sse_without_result', 'upstream_closed'],
  ['never_answers', 'upstream_timeout'],
  ['headers_then_stall', 'upstream_timeout'],
  ['status_500', 'upstream_failed'],
  ['status_401', 'upstream_refused_credentials'],
  ['header_mismatch', 'upstream_failed'],
  ['unsupported_version', 'upstream_failed'],
];

describe('every client of an upstream that answers', () => {
  it.each(FAULTS)(
    '%s is told %s',
    async (name, reason) => {
      // Between equals of the older era an error of the newer is an error like any other.
      const ofOneEra = name === 'header_mismatch' || name === 'unsupported_version';
      const pairs = ofOneEra ? PAIRS.filter(([, up]) => up === 'modern') : PAIRS;
      await Promise.all(
        pairs.map(async ([down, up]) => expectFault(scene, await call(scene, down, up, name), name, reason)),
      );
      for (const era of ERAS) {
        expect(scene.rogues[era].calls.requests.filter(({ url }) => url.includes('redirected'))).toEqual([]);
      }
    },
    8_000,
  );
});

describe.each(PAIRS)('a %s client of a %s upstream that', (down, up) => {
  it.each(['huge_json_with_length', 'huge_json_chunked', 'huge_sse_event'] as const)(
    'answers %s is heard out within the limit',
    async (name) => {
      const answer = await call(scene, down, up, name);
      expect(answer.body.length).toBeGreaterThan(5 * MEBIBYTE);
      expect(jsonOf(answer)).toMatchObject({ id: 1, result: { content: [{ text: name }] } });
      expect(await usageOf(scene.running, answer.headers['x-correlation-id'])).toMatchObject({
        outcome: 'ok',
        bytes_out: answer.body.length,
      });
    },
  );

  it.each(['huge_json_with_length', 'huge_json_chunked', 'huge_sse_event'] as const)(
    'answers %s is cut above it',
    async (name) => {
      if (down === 'modern' && up === 'modern' && name === 'huge_json_chunked') {
        // What is on its way can only be broken off: the client must not take a part for the whole.
        const { body, headers } = modernMessage('tools/call', { name });
        const answer = narrow.callers.modern.post(body, { ...headers, 'x-correlation-id': 'cut-off' });
        await expect(answer).rejects.toThrow();
        expect(await usageOf(narrow.running, 'cut-off')).toMatchObject({ block_reason: 'upstream_too_large' });
        return;
      }
      await expectFault(narrow, await call(narrow, down, up, name), name, 'upstream_too_large');
    },
  );

  it('sends headers of its own is not heard with them', async () => {
    const answer = await call(scene, down, up, 'hostile_headers');
    expect(jsonOf(answer)).toMatchObject({ result: { content: [{ text: 'hostile_headers' }] } });
    for (const name of ['set-cookie', 'www-authenticate', 'mcp-session-id', 'access-control-allow-origin', 'server']) {
      expect(answer.headers[name]).toBeUndefined();
    }
  });

  it('leaves the kind of a result out is completed', async () => {
    const { result } = jsonOf(await call(scene, down, up, 'no_result_type'));
    expect(result.resultType).toBe(down === 'modern' ? 'complete' : undefined);
  });
});

describe('an upstream that is down', () => {
  it.each(PAIRS)('is told to a %s client (%s upstream)', async (down, up) => {
    const rogue = await startRogueUpstream({ era: up });
    const { id } = await scene.running.register(`down ${down} ${up}`, rogue.url);
    const server = await scene.running.serve(id, { tool_naming: 'original' });
    const caller = new RawCaller(
      `${scene.running.url}/servers/${server.id}/mcp`,
      await scene.running.mint(`down ${down} ${up}`),
    );
    await rogue.close();
    const name = 'well_behaved';
    await expectFault(scene, await caller[down]('tools/call', { name }), name, 'upstream_unreachable');
    expect(jsonOf(await caller[down]('tools/list')).result.tools.length).toBeGreaterThan(10);
    caller.close();
  });
});

describe('an upstream that has forgotten its session', () => {
  it('is asked for a new one, once, and runs the call once', async () => {
    const upstream = await startLegacyUpstream({ sessions: true });
    const { id } = await scene.running.register('forgetful', upstream.url);
    const server = await scene.running.serve(id, { tool_naming: 'original' });
    const caller = new RawCaller(`${scene.running.url}/servers/${server.id}/mcp`, await scene.running.mint('session'));
    const echo = (text: string) => caller.legacy('tools/call', { name: 'echo', arguments: { text } });
    expect(jsonOf(await echo('one'))).toMatchObject({ result: { content: [{ text: 'one' }] } });
    const opened = upstream.calls.of('initialize').length;
    for (const session of upstream.sessions()) {
      await fetch(upstream.url, { method: 'DELETE', headers: { 'mcp-session-id': session } });
    }
    const texts = ['two', 'three', 'four', 'five'];
    const answers = await Promise.all(texts.map(echo));
    expect(answers.map((answer) => jsonOf(answer).result.content[0].text)).toEqual(texts);
    expect(upstream.calls.of('initialize')).toHaveLength(opened + 1);
    expect(upstream.calls.started).toHaveLength(5);
    caller.close();
    await upstream.close();
  });

  it('and forgets the new one as well is not asked for ever', async () => {
    const { calls } = scene.rogues.legacy;
    const before = [calls.of('initialize').length, calls.of('tools/call').length] as const;
    const answer = await call(scene, 'legacy', 'legacy', 'status_404');
    await expectFault(scene, answer, 'status_404', 'upstream_failed');
    expect(calls.of('initialize').length - before[0]).toBeLessThanOrEqual(2);
    expect(calls.of('tools/call').length - before[1]).toBe(2);
  });
});

describe('memory', () => {
  it('is given back after large answers', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const held = async (): Promise<number> => {
      // Connections let go of their last answer, and the memory of buffers is swept, only after the loop has turned.
      for (let turns = 0; turns < 5; turns++) {
        await immediate();
        collect();
      }
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const round = async (): Promise<void> => {
      for (const [down, up] of PAIRS) {
        const { body, headers } = (down === 'modern' ? modernMessage : legacyMessage)('tools/call', {
          name: 'huge_json_chunked',
        });
        await scene.callers[up].post(body, headers);
        await narrow.callers[up].post(body, headers).catch(() => undefined);
      }
    };
    await round();
    const before = await held();
    for (let times = 0; times < 2; times++) await round();
    expect(((await held()) - before) / MEBIBYTE).toBeLessThan(16);
  });
});
