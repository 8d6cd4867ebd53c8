import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { legacyMessage, modernMessage } from '../mcp/raw-caller.js';
import { ERAS } from '../mcp/raw-gate.js';
import { answering, failing } from '../mcp/raw-upstream.js';
import { listenOnLoopback } from '../../fixtures/upstreams/loopback-server.js';
import { GuardedGate } from './guarded-gate.js';

const MAIL = 'jane.doe@corp.io';
/** No double holds it: it would become …992. */
const ORDER = '9007199254740993';

let guarded: GuardedGate;
beforeAll(async () => {
  guarded = await GuardedGate.start();
});
afterAll(() => guarded.stop());
beforeEach(async () => {
  guarded.gate.reset();
  await guarded.plugins([{ name: 'Pii', kind: 'pii_filter' }]);
});

describe.each(ERAS)('a number that a double does not hold, at a %s upstream', (era) => {
  const call = (args: string) => {
    const message = (era === 'modern' ? modernMessage : legacyMessage)('tools/call', { name: 'tool', arguments: {} });
    const body = message.body.replace('"arguments":{}', `"arguments":${args}`);
    return guarded.gate.callers[era].post(body, message.headers);
  };
  const sent = () => guarded.gate.upstreams[era].seen.filter(({ body }) => body.includes('tools/call'));

  it('stays what it was in arguments beside what is masked', async () => {
    await call(`{"mail":"${MAIL}","order":${ORDER},"rate":1.0,"far":[{"n":12345678901234567890}]}`);
    expect(sent()[0]?.body).toContain(`,"order":${ORDER},"rate":1.0,"far":[{"n":12345678901234567890}]}`);
    expect(sent()[0]?.body).not.toContain(MAIL);
  });

  it('stays what it was in a result', async () => {
    const { upstreams } = guarded.gate;
    upstreams[era].script = answering(`{"content":[],"structuredContent":{"mail":"${MAIL}","order":${ORDER}}}`);
    const body = (await call('{}')).body.toString();
    expect(body).toContain(`"order":${ORDER}`);
    expect(body).not.toContain(MAIL);
  });

  it('stays what it was in an error', async () => {
    guarded.gate.upstreams[era].script = failing(`{"code":-32000,"message":"${MAIL}","data":{"order":${ORDER}}}`);
    const body = (await call('{}')).body.toString();
    expect(body).toContain(`"order":${ORDER}`);
    expect(body).not.toContain(MAIL);
  });

  it.each(['6212345678900000003', '110101199003074477'])('is found: %s', async (number) => {
    await call(`{"it":${number},"order":${ORDER}}`);
    expect(sent()[0]?.body).toContain(`{"it":0,"order":${ORDER}}`);
  });

  it('is not taken for another one by what keeps results', async () => {
    await guarded.plugins([{ name: 'Cache', kind: 'cached_tool_result', config: { cacheable_tools: ['tool'] } }]);
    await call('{"order":9007199254740992}');
    await call(`{"order":${ORDER}}`);
    expect(sent()).toHaveLength(2);
  });

  it('is what a policy is asked about', async () => {
    const asked: string[] = [];
    const opa = await listenOnLoopback(async (request, response) => {
      asked.push(await text(request));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"result":false}');
    });
    const extensions = { policy: 'orders', policy_endpoints: ['allow_tool_pre_invoke'] };
    const applied_to = { tools: [{ tool_name: 'tool', extensions }] };
    await guarded.plugins([
      { name: 'Opa', kind: 'opa', hooks: ['tool_pre_invoke'], config: { opa_base_url: opa.origin, applied_to } },
    ]);
    await call(`{"order":${ORDER}}`);
    await opa.close();
    expect(asked.join()).toContain(`{"order":${ORDER}}`);
    expect(sent()).toEqual([]);
  });
});
