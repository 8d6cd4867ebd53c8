import type { McpCall } from '#libs/mcp';
import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { pluginOf } from '../../../test/fixtures/plugins/plugin-of.js';
import { FACTS } from '../../../test/fixtures/plugins/run-case.js';
import { BytesAnswer } from '../../http/answer.js';
import { RequestContext } from '../../http/request-context.js';
import { TargetChain } from '../../plugins/chain/target-chain.js';
import { PluginEvents } from '../../plugins/events/plugin-events.js';
import { CallGuard } from '../../plugins/guard/call-guard.js';
import type { HookHandlers } from '../../plugins/plugin.js';
import { RequestState } from '../../plugins/plugin-context.js';
import { ClientReply } from './client-reply.js';
import { StreamedAnswer } from './streamed-answer.js';

const context = new RequestContext(new IncomingMessage(new Socket()));
const CALL = { method: 'tools/call', id: 1 } as McpCall;
const note = (n: number) =>
  Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { n } }));

function replyPast(hooks: HookHandlers) {
  const chain = new TargetChain([pluginOf('Slow', hooks)], { serverId: undefined, tenantIds: [], names: [] });
  const hookCall = { facts: FACTS, state: new RequestState(), events: new PluginEvents() };
  const guard = new CallGuard(CALL, chain, hookCall, { name: 'tool', context, door: 'mcp', headers: () => ({}) });
  const flow: string[] = [];
  const control = { pause: () => flow.push('pause'), resume: () => flow.push('resume'), answered: () => undefined };
  return { reply: new ClientReply(context, control, undefined, guard), flow };
}

async function sent(reply: ClientReply): Promise<string> {
  const answer = await reply.answer;
  if (!(answer instanceof StreamedAnswer)) throw new TypeError('no stream');
  let text = '';
  await new Promise<void>((resolve) => {
    const out = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString();
        done();
      },
    });
    out.once('finish', resolve);
    answer.sendTo(out);
  });
  return text;
}

describe('the reply of a call whose guardrails take time', () => {
  it('shows them one message after another, and lets the upstream wait meanwhile', async () => {
    let open = 0;
    let most = 0;
    const seen: unknown[] = [];
    let go = (): void => undefined;
    const mayGo = new Promise<void>((resolve) => (go = resolve));
    const { reply, flow } = replyPast({
      stream_message: async ({ body }) => {
        most = Math.max(most, ++open);
        await mayGo;
        seen.push(body['n']);
        open--;
        return undefined;
      },
    });
    for (let n = 0; n < 100; n++) reply.push(note(n), 1000);
    reply.deliver(new BytesAnswer(200, Buffer.from('{"jsonrpc":"2.0","id":1,"result":{"content":[]}}')));
    expect(flow).toEqual(['pause']);
    go();
    const text = await sent(reply);
    expect(most).toBe(1);
    expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect([...text.matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n))).toEqual(seen);
    expect(text).toMatch(/"result":\{"content":\[\]\}\}\s*$/);
    expect(flow).toEqual(['pause', 'resume']);
  });

  it('lets the upstream wait for a slow client, however fast they are', async () => {
    const { reply, flow } = replyPast({ stream_message: () => undefined });
    reply.push(note(1), 1000);
    const answer = await reply.answer;
    const slow = new Writable({ highWaterMark: 1, write: () => undefined });
    if (answer instanceof StreamedAnswer) answer.sendTo(slow);
    expect(flow).toEqual(['pause']);
    for (let n = 0; n < 20; n++) reply.push(note(n), 1000);
    await setImmediate();
    expect(flow).toEqual(['pause']);
    slow.destroy();
    await once(slow, 'close');
    expect(flow).toEqual(['pause', 'resume']);
  });
});
