import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAccount } from '../../fixtures/oauth/connect-account.js';
import { ConsentingServer } from '../../fixtures/oauth/consenting-server.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { ChangingUpstream } from '../../fixtures/upstreams/changing-upstream.js';
import { listen, LISTS_CHANGED } from '../mcp/notifications/open-listener.js';
import { jsonOf, RawCaller } from '../mcp/raw-caller.js';
import { type Era, ERAS } from '../mcp/raw-gate.js';

const [ONE, OWN] = ['test://one', 'test://own'] as const;

describe.each(ERAS)('an upstream with OAuth that says what changes (%s)', (era) => {
  let server: ConsentingServer;
  let running: RunningGateway;
  const closing: (() => unknown)[] = [];

  beforeAll(async () => {
    server = await ConsentingServer.start();
    server.machines = true;
    running = await RunningGateway.start({ OAUTH_ALLOW_HTTP: 'true' });
  });
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
    await running.stop();
    await server.close();
  });

  async function start(up: Era, config: object) {
    const upstream = await ChangingUpstream.start(up);
    upstream.admits = (authorization) => server.read(authorization?.slice('Bearer '.length) ?? '') !== undefined;
    const oauth_config = { issuer: server.issuer, ...config };
    const { id } = await running.register(`says ${closing.length}`, upstream.url, { auth_type: 'oauth', oauth_config });
    const caller = new RawCaller(`${running.url}/mcp`, running.session);
    closing.push(
      () => upstream.close(),
      () => caller.close(),
    );
    return { upstream, id: id as string, caller };
  }

  it('is heard by tokens of the gateway itself, and by others when those are refused', async () => {
    const { upstream, caller } = await start(era, {
      grant_type: 'client_credentials',
      client_id: 'known',
      client_secret: 'a-fixture-secret',
    });
    await upstream.untilFollowed();
    const { stream, acknowledged } = await listen(caller, { ...LISTS_CHANGED, resourceSubscriptions: [ONE] });
    expect(acknowledged.notifications.resourceSubscriptions).toEqual([ONE]);
    await expect.poll(() => upstream.subscribedTo()).toEqual([ONE]);
    upstream.offered.tools.push('second');
    await upstream.told.list('tools');
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    expect(JSON.stringify(jsonOf(await caller.modern('tools/list')))).toContain('second');
    server.forgetAccessTokens();
    upstream.hangUp();
    // What happened while nobody listened is not known.
    expect(await stream.message()).toMatchObject({ method: 'notifications/resources/updated', params: { uri: ONE } });
    stream.close();
  });

  it('is not listened to where each user has tokens of their own, and nobody is promised to hear of it', async () => {
    const { upstream, id, caller } = await start(era, { grant_type: 'authorization_code' });
    upstream.offered.resources.push(OWN);
    await connectAccount(running, id);
    expect((await running.rest('POST', `/oauth/fetch-tools/${id}`)).status).toBe(200);
    expect(JSON.stringify(jsonOf(await caller.modern('resources/list')))).toContain(OWN);
    const { stream, acknowledged } = await listen(caller, { ...LISTS_CHANGED, resourceSubscriptions: [OWN] });
    expect(acknowledged.notifications.resourceSubscriptions ?? []).toEqual([]);
    expect(upstream.opened).toBe(0);
    stream.close();
  });
});
