import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChangeBus } from '../../../src/changes/change-bus.js';
import { withinASecond } from '../../fixtures/within-a-second.js';
import { eventsOf, jsonOf, legacyMessage, modernMessage, RawCaller, whole } from './raw-caller.js';
import { type Era, PAIRS, RawGate } from './raw-gate.js';
import { eventOf } from './raw-upstream.js';
import { usageOf } from './usage-of.js';

const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}';
const params = { name: 'tool', arguments: {} };

let gate: RawGate;
let caller: RawCaller;
let tokenId: string;
let names = 0;
beforeAll(async () => {
  gate = await RawGate.start();
});
afterAll(() => gate.stop());
beforeEach(async () => {
  gate.reset();
  caller?.close();
  const name = `short-lived ${(names += 1)}`;
  const token = await gate.running.mint(name);
  const { body } = await gate.running.rest('GET', '/tokens?limit=100');
  tokenId = body.tokens.find((row: { name: string }) => row.name === name).id;
  caller = new RawCaller('', token);
});
afterAll(() => caller.close());

const at = (up: Era): RawCaller => Object.assign(caller, { endpoint: gate.callers[up].endpoint });
const revoke = () => gate.running.rest('DELETE', `/tokens/${tokenId}`);

/** A tool that reports once and then works on; resolves when the client has heard of it. */
async function longCall(down: Era, up: Era): Promise<{ answer: IncomingMessage; upstream: ServerResponse }> {
  let upstream: ServerResponse | undefined;
  gate.upstreams[up].script = ({ response }) => {
    upstream = response;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventOf(PROGRESS));
  };
  const message = (down === 'modern' ? modernMessage : legacyMessage)('tools/call', params, {
    meta: { progressToken: 'p' },
  });
  const answer = await at(up).open(message.body, message.headers);
  await once(answer, 'readable');
  if (!upstream) throw new Error('the upstream was not called');
  return { answer, upstream };
}

describe.each(PAIRS)('a %s client at a %s upstream, when its token is revoked', (down, up) => {
  it('sees its open stream end within a second, and is refused from then on', async () => {
    const { answer, upstream } = await longCall(down, up);
    const closed = once(upstream, 'close');
    const text = whole(answer);
    expect((await revoke()).status).toBe(204);
    await withinASecond(() => expect(answer.readableEnded).toBe(true));
    expect(eventsOf(await text).at(-1)).toMatchObject({
      id: 1,
      error: { code: -32603, data: { reason: 'token_revoked' } },
    });
    await closed;
    expect((await at(up).legacy('ping')).status).toBe(401);
    expect(await usageOf(gate.running, answer.headers['x-correlation-id'])).toMatchObject({
      outcome: 'blocked',
      block_reason: 'token_revoked',
    });
  });

  it('is answered at once where the upstream has said nothing yet', async () => {
    gate.upstreams[up].script = () => undefined;
    const message = (down === 'modern' ? modernMessage : legacyMessage)('tools/call', params);
    const answer = at(up).post(message.body, message.headers);
    await gate.upstreams[up].until(({ body }) => body.includes('tools/call'));
    await revoke();
    expect(jsonOf(await answer)).toMatchObject({ error: { data: { reason: 'token_revoked' } } });
  });
});

describe('other changes', () => {
  it('end the streams of the user who was changed, not those of others', async () => {
    const { answer } = await longCall('modern', 'modern');
    const bus = gate.running.gateway.app.get(ChangeBus);
    bus.publish({ kind: 'user_changed', userId: 'somebody else' });
    bus.publish({ kind: 'token_revoked', jti: 'another token' });
    bus.publish({ kind: 'user_changed', userId: administratorsId() });
    const last = eventsOf(await whole(answer)).at(-1);
    expect(last).toMatchObject({ error: { data: { reason: 'user_changed' } } });
  });
});

/** As the token of his session says it. */
function administratorsId(): string {
  const [, claims = ''] = gate.running.session.split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).sub;
}
