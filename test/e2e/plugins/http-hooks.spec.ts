import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PluginChains } from '../../../src/plugins/chain/plugin-chains.js';
import type { HookPayloads } from '../../../src/plugins/hooks.js';
import type { HookHandlers } from '../../../src/plugins/plugin.js';
import { pluginOf } from '../../fixtures/plugins/plugin-of.js';
import { addUser } from '../../fixtures/people.js';
import { jsonOf, RawCaller } from '../mcp/raw-caller.js';
import { RawGate } from '../mcp/raw-gate.js';

const NO = { violation: { code: 'INVALID_TOKEN', reason: 'No', description: 'Not with this key' } };

let gate: RawGate;
let overriding: RawGate;
beforeAll(async () => {
  gate = await RawGate.start({}, { ENABLE_HEADER_PASSTHROUGH: 'true', PROXY_USER_HEADER: 'X-Remote-User' });
  overriding = await RawGate.start({}, { PLUGINS_CAN_OVERRIDE_AUTH_HEADERS: 'true' });
  await addUser(gate.running, 'ann@example.com');
});
afterAll(async () => {
  await gate.stop();
  await overriding.stop();
});
beforeEach(() => hooks({}));

function hooks(handlers: HookHandlers, at = gate): void {
  const chains = at.running.gateway.app.get(PluginChains, { strict: false });
  chains.replace([pluginOf('Http', handlers)]);
}
const rest = (path: string, token: string | null = null) => gate.running.rest('GET', path, undefined, token);

describe('hooks of whole requests', () => {
  it('see each request before anybody asks who calls, with its headers', async () => {
    const seen: HookPayloads['http_pre_request'][] = [];
    hooks({ http_pre_request: (payload) => void seen.push(payload) });
    await rest('/tools?limit=1');
    await gate.callers.modern.modern('tools/list');
    expect(seen).toMatchObject([
      { method: 'GET', path: '/tools', clientHost: '127.0.0.1', headers: { host: expect.any(String) } },
      { method: 'POST', path: expect.stringMatching(/\/mcp$/), headers: { 'mcp-method': 'tools/list' } },
    ]);
  });

  it('refuse a request in the words of its door', async () => {
    hooks({ http_pre_request: () => NO });
    expect(await rest('/tools')).toMatchObject({
      status: 401,
      body: { error: { message: 'Plugin Violation: Not with this key' } },
    });
    const answer = await gate.callers.legacy.legacy('tools/list');
    expect(answer.status).toBe(401);
    expect(jsonOf(answer).error.message).toMatch(/^http_pre_request blocked by plugin Http: INVALID_TOKEN - No/);
  });

  it('name no caller in the place of a trusted proxy', async () => {
    const seen: HookPayloads['http_post_request'][] = [];
    hooks({
      http_pre_request: (payload) => ({
        payload: { ...payload, headers: { ...payload.headers, 'x-remote-user': 'ann@example.com', 'x-other': 'set' } },
      }),
      http_post_request: (payload) => void seen.push(payload),
    });
    await rest('/tools');
    await expect
      .poll(() => seen.map(({ headers }) => [headers['x-remote-user'], headers['x-other']]))
      .toEqual([[undefined, 'set']]);
  });

  it('hold requests up where they fail', async () => {
    hooks({
      http_pre_request: () => {
        throw new Error('quotes the caller');
      },
    });
    expect(await rest('/tools', gate.running.session)).toMatchObject({
      status: 500,
      body: { error: { code: -32603 } },
    });
  });

  it('say who calls; what he may do, the database says', async () => {
    hooks({
      http_auth_resolve_user: ({ credentials }) =>
        credentials === 'key-of-ann' ? { user: { email: 'ANN@example.com' } } : credentials === 'bad' ? NO : undefined,
    });
    expect((await rest('/auth/email/me', 'key-of-ann')).body).toMatchObject({ email: 'ann@example.com' });
    expect((await rest('/usage', 'key-of-ann')).status).toBe(403);
    expect(await rest('/tools', 'bad')).toMatchObject({ status: 401, body: { detail: 'Not with this key' } });
    expect((await rest('/tools', 'other')).status).toBe(401);
    expect((await rest('/tools', gate.running.session)).status).toBe(200);
    const caller = new RawCaller(gate.callers.legacy.endpoint, 'key-of-ann');
    expect(jsonOf(await caller.legacy('tools/list')).result.tools).toHaveLength(1);
    caller.close();
  });

  it('know nobody who has no account', async () => {
    hooks({ http_auth_resolve_user: () => ({ user: { email: 'nobody@example.com' } }) });
    expect((await rest('/tools')).status).toBe(401);
  });

  it('forbid what roles allow, and allow nothing else', async () => {
    const asked: HookPayloads['http_auth_check_permission'][] = [];
    hooks({
      http_auth_check_permission: (payload) => {
        asked.push(payload);
        return payload.permission === 'tools.read'
          ? { violation: { ...NO.violation, description: 'Not today' } }
          : undefined;
      },
    });
    expect(await rest('/tools', gate.running.session)).toMatchObject({ status: 403, body: { detail: 'Not today' } });
    expect((await rest('/prompts', gate.running.session)).status).toBe(200);
    expect(asked[0]).toMatchObject({
      permission: 'tools.read',
      resourceType: 'tools',
      isAdmin: true,
      authMethod: 'bearer',
    });
    const denied = await gate.running.rest('GET', '/usage', undefined, null);
    expect(denied.status).toBe(401);
  });

  it('change headers, but not those by which callers prove who they are, unless a setting says so', async () => {
    const as = (token: string): HookHandlers => ({
      http_pre_request: (payload) => ({
        payload: {
          ...payload,
          headers: { ...payload.headers, authorization: `Bearer ${token}`, 'user-agent': 'changed' },
        },
      }),
    });
    hooks(as(gate.running.session));
    expect((await rest('/tools')).status).toBe(401);
    hooks(as(overriding.running.session), overriding);
    expect((await overriding.running.rest('GET', '/tools', undefined, null)).status).toBe(200);
  });

  it('change them for the upstream too, where a gateway passes them on', async () => {
    const { running, upstreams } = gate;
    const { id } = await running.register('passing', upstreams.modern.url, {
      passthrough_headers: ['x-kept', 'x-cut'],
    });
    const server = await running.serve(id, { tool_naming: 'original' });
    const caller = gate.at({ path: `/servers/${server.id}/mcp` });
    hooks({
      http_pre_request: (payload) => {
        const { 'x-cut': _, ...headers } = payload.headers;
        return { payload: { ...payload, headers: { ...headers, 'x-kept': 'changed' } } };
      },
    });
    await caller.modern('tools/call', { name: 'tool' }, { headers: { 'x-kept': 'given', 'x-cut': 'given' } });
    const { headers } = upstreams.modern.seen.at(-1) ?? {};
    expect([headers?.['x-kept'], headers?.['x-cut']]).toEqual(['changed', undefined]);
  });

  it('see how each request ended', async () => {
    const told = new Promise((resolve) => {
      hooks({
        http_post_request: (payload) => {
          resolve(payload);
          return undefined;
        },
      });
    });
    await rest('/tools');
    expect(await told).toMatchObject({ path: '/tools', statusCode: 401, responseHeaders: expect.any(Object) });
  });
});
