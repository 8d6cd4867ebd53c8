import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addUser } from '../../fixtures/people.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { ShadowFindings } from '../../../src/rbac/policies/shadow-findings.js';

const CALL = 'forbid (principal, action == Action::"tools.execute", resource is Tool)';
const READ = 'forbid (principal, action == Action::"tools.read", resource is Tool)';
const NOBODY_S = 'f'.repeat(32);

interface Policy {
  readonly id: string;
  readonly revision: number;
}

describe('policies', () => {
  let running: RunningGateway;
  let upstream: GrowingUpstream;
  let ann: string;
  let serverId: string;

  beforeAll(async () => {
    upstream = await GrowingUpstream.start({
      tools: [tool('echo'), { ...tool('wipe'), annotations: { destructiveHint: true } }],
    });
    upstream.scripted.change({ 'tools/call': { result: { resultType: 'complete', content: [] } } });
    running = await RunningGateway.start({
      JWT_SECRET_KEY: SHARED_SECRET,
      DEFAULT_USER_ROLE: 'viewer',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    const { id } = await running.register('up', upstream.url, { tags: ['prod'] });
    serverId = (await running.serve(id)).id;
    const user = await addUser(running, 'ann@example.com');
    ann = signedToken({ sub: user.id, token_use: 'session' });
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });
  afterEach(async () => {
    const { body } = await running.rest('GET', '/policies?limit=500');
    for (const { id } of body.policies as Policy[]) await running.rest('DELETE', `/policies/${id}`);
  });

  let names = 0;
  const write = async (text: string, more: object = {}): Promise<Policy> => {
    const { status, body } = await running.rest('POST', '/policies', { name: `policy ${(names += 1)}`, text, ...more });
    expect([status, body.detail]).toEqual([201, undefined]);
    return body;
  };
  const activate = ({ id }: Policy, query = '') => running.rest('POST', `/policies/${id}/activate${query}`);
  const enforce = async (text: string): Promise<Policy> => {
    const policy = await write(text);
    expect((await activate(policy)).status).toBe(200);
    return policy;
  };
  const call = (name: string, args: object = {}, token = ann) =>
    callMcp(`${running.url}/mcp`, token, 'tools/call', { name, arguments: args });
  const listed = async (token = ann): Promise<string[]> =>
    (await callMcp(`${running.url}/mcp`, token, 'tools/list')).body.result.tools.map(
      ({ name }: { name: string }) => name,
    );
  const shown = async (token = ann): Promise<string[]> =>
    (await running.rest('GET', '/tools', undefined, token)).body.map(
      ({ original_name, originalName }: { original_name?: string; originalName?: string }) =>
        originalName ?? original_name,
    );
  const findings = async ({ id }: Policy) => {
    await running.gateway.app.get(ShadowFindings).flush();
    return (await running.rest('GET', `/policies/${id}/shadow`)).body;
  };

  describe('in force', () => {
    it('forbid a call by an argument, and say so to who sees the tool', async () => {
      await enforce(
        `${CALL} when { context.arguments.hasTag("path") && context.arguments.getTag("path").text like "/etc/*" }; // no`,
      );
      const before = upstream.scripted.calls.of('tools/call').length;
      const { status, body } = await call('up-echo', { path: '/etc/passwd' });
      expect([status, body.error]).toEqual([
        403,
        {
          code: -32603,
          message: 'Access denied: a policy forbids this call',
          data: { reason: 'policy', permission: 'tools.execute', method: 'tools/call' },
        },
      ]);
      expect(upstream.scripted.calls.of('tools/call').length).toBe(before);
      expect((await call('up-echo', { path: '/srv/x' })).body.result).toBeDefined();
      // Roles and bypasses don't matter.
      expect((await call('up-echo', { path: '/etc/x' }, running.session)).status).toBe(403);
    });

    it('hide from every list and door what they forbid to see', async () => {
      expect([(await listed()).sort(), (await shown()).sort()]).toEqual([
        ['up-echo', 'up-wipe'],
        ['echo', 'wipe'],
      ]);
      const policy = await enforce(`${READ} when { resource has destructiveHint && resource.destructiveHint };`);
      const { body: server } = await running.rest('GET', `/servers/${serverId}`, undefined, ann);
      expect([await listed(), await shown()]).toEqual([['up-echo'], ['echo']]);
      expect(JSON.stringify(server)).not.toContain('wipe');
      expect(await shown(running.session)).toEqual(['echo']);
      expect((await running.rest('POST', `/policies/${policy.id}/deactivate`)).status).toBe(200);
      expect([(await listed()).length, (await shown()).length]).toEqual([2, 2]);
    });

    it('answer for a hidden tool as for none', async () => {
      await enforce(`${READ};`);
      await enforce(`${CALL};`);
      const hidden = await call('up-wipe');
      const none = await call('up-none');
      expect([hidden.status, hidden.body.error.code]).toEqual([none.status, none.body.error.code]);
      expect(hidden.body.error.message).toBe('Unknown tool: up-wipe');
    });

    it('forbid a method as a whole, on MCP and on REST', async () => {
      await enforce('forbid (principal, action == Action::"tools.read", resource) unless { principal.admin };');
      const { status, body } = await callMcp(`${running.url}/mcp`, ann, 'tools/list');
      expect([status, body.error.message]).toEqual([403, 'Access denied: a policy forbids it']);
      const answer = await running.rest('GET', '/tools', undefined, ann);
      expect([answer.status, answer.body.detail]).toEqual([403, 'Access denied']);
      expect(await listed(running.session)).toHaveLength(2);
    });

    it('close a virtual server by its tags', async () => {
      await enforce(
        'forbid (principal, action == Action::"servers.use", resource is Server) unless { resource.tags.contains("open") };',
      );
      const path = `${running.url}/servers/${serverId}/mcp`;
      expect((await callMcp(path, ann, 'tools/list')).status).toBe(404);
      expect((await callMcp(`${running.url}/mcp`, ann, 'tools/list')).status).toBe(200);
    });

    it('ask anew for each call where they read whence it comes', async () => {
      await enforce(`${READ} when { context has address && context.address.isInRange(ip("198.51.100.0/24")) };`);
      await enforce(
        'forbid (principal, action == Action::"servers.use", resource is Server) unless { context has address && context.address.isLoopback() };',
      );
      const list = async (address: string, path = '/mcp'): Promise<unknown> => {
        const response = await fetch(running.url + path, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            Accept: 'application/json, text/event-stream',
            Authorization: `Bearer ${ann}`,
            'X-Forwarded-For': address,
          },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
        });
        const { result } = (await response.json()) as { result?: { tools: unknown[] } };
        return result?.tools.length ?? response.status;
      };
      for (let time = 0; time < 2; time += 1)
        expect([await list('192.0.2.1'), await list('198.51.100.7')]).toEqual([2, 0]);
      const server = `/servers/${serverId}/mcp`;
      expect([await list('127.0.0.1', server), await list('192.0.2.1', server)]).toEqual([2, 404]);
    });

    it('can be undone however much they forbid', async () => {
      const policy = await enforce('forbid (principal, action, resource);');
      expect((await running.rest('GET', '/version')).status).toBe(403);
      expect((await running.rest('DELETE', `/policies/${policy.id}`)).status).toBe(204);
      expect((await running.rest('GET', '/version')).status).toBe(200);
    });
  });

  describe('as drafts', () => {
    it('change nothing, and report what they would have denied', async () => {
      const policy = await write(`${CALL} when { resource.name == "wipe" };`);
      expect((await call('up-wipe')).body.result).toBeDefined();
      expect((await call('up-wipe')).body.result).toBeDefined();
      expect((await call('up-echo')).body.result).toBeDefined();
      expect(await findings(policy)).toMatchObject({
        total: 1,
        findings: [
          {
            version: 1,
            user_email: 'ann@example.com',
            permission: 'tools.execute',
            resource_type: 'Tool',
            occurrences: 2,
          },
        ],
      });
    });

    it('report nothing that is denied anyway', async () => {
      await enforce(`${CALL};`);
      const draft = await write(`${CALL};`);
      await call('up-echo');
      expect(await findings(draft)).toEqual({ findings: [], total: 0 });
    });

    it('of a policy in force leave its text in force until they are activated', async () => {
      const policy = await enforce(`${CALL} when { resource.name == "wipe" };`);
      const edited = await running.rest('PUT', `/policies/${policy.id}`, {
        text: `${CALL} when { resource.name == "echo" };`,
      });
      expect(edited.body).toMatchObject({ active_version: 1, draft_version: 2, latest_version: 2 });
      expect([(await call('up-wipe')).status, (await call('up-echo')).status]).toEqual([403, 200]);
      expect((await activate(policy)).body).toMatchObject({ active_version: 2, draft_version: null });
      expect([(await call('up-wipe')).status, (await call('up-echo')).status]).toEqual([200, 403]);
      expect((await activate(policy, '?version=1')).body).toMatchObject({ active_version: 1, draft_version: null });
      expect([(await call('up-wipe')).status, (await call('up-echo')).status]).toEqual([403, 200]);
      const { body: versions } = await running.rest('GET', `/policies/${policy.id}/versions`);
      expect(versions.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    });
  });

  describe('are refused', () => {
    it.each([
      ['permit (principal, action, resource);', 'A policy can only forbid: roles grant.'],
      ['forbid (principal, action, resource) when { resource.name == "x" };', 'line 1, column 45'],
      ['nonsense', 'line 1'],
      [`${CALL}; ${CALL};`, 'there are 2'],
    ])('with a reason: %s', async (text, reason) => {
      const policy = await write(`${CALL};`);
      for (const [method, path, more] of [
        ['POST', '/policies', { name: 'another' }],
        ['PUT', `/policies/${policy.id}`, {}],
      ] as const) {
        const { status, body } = await running.rest(method, path, { ...more, text });
        expect([status, body.detail[0].loc]).toEqual([422, ['body', 'text']]);
        expect(body.detail[0].msg).toContain(reason);
      }
    });

    it.each([
      [{ text: `${CALL};` }, 'name'],
      [{ name: 'x' }, 'text'],
      [{ name: ' ', text: `${CALL};` }, 'name'],
      [{ name: 'x'.repeat(192), text: `${CALL};` }, 'name'],
      [{ name: 'x', text: `${CALL};${' '.repeat(16_384)}` }, 'text'],
      [{ name: 'x', text: `${CALL};`, active_version: 1 }, 'active_version'],
      [{ name: 'x', text: `${CALL};`, created_by: 'eve@example.com' }, 'created_by'],
    ])('with the field that is wrong: %j', async (body, field) => {
      const answer = await running.rest('POST', '/policies', body);
      expect([answer.status, answer.body.detail[0].loc]).toEqual([422, ['body', field]]);
    });

    it('when the name is taken, or somebody was quicker', async () => {
      const [one, two] = [await write(`${CALL};`, { name: 'one' }), await write(`${CALL};`, { name: 'two' })];
      expect((await running.rest('POST', '/policies', { name: 'one', text: `${CALL};` })).status).toBe(409);
      expect((await running.rest('PUT', `/policies/${two.id}`, { name: 'one' })).status).toBe(409);
      expect((await running.rest('PUT', `/policies/${one.id}`, { name: 'new', revision: one.revision })).status).toBe(
        200,
      );
      expect((await running.rest('PUT', `/policies/${one.id}`, { name: 'newer', revision: one.revision })).status).toBe(
        409,
      );
      const edits = Array.from({ length: 8 }, (_, at) =>
        running.rest('PUT', `/policies/${two.id}`, {
          text: `${CALL} when { resource.name == "${at}" };`,
          revision: two.revision,
        }),
      );
      const statuses = (await Promise.all(edits)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 409)).toHaveLength(7);
    });

    it('when there is no such policy or version', async () => {
      const policy = await write(`${CALL};`);
      expect((await activate(policy, '?version=2')).status).toBe(404);
      expect((await activate(policy, '?version=0')).status).toBe(422);
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/versions'],
        ['GET', '/shadow'],
        ['POST', '/activate'],
        ['POST', '/deactivate'],
        ['DELETE', ''],
      ] as const)
        expect([path, (await running.rest(method, `/policies/${NOBODY_S}${path}`)).status]).toEqual([path, 404]);
      expect((await running.rest('PUT', `/policies/${NOBODY_S}`, { name: 'x' })).status).toBe(404);
    });
  });

  it('are shown, paged and found by however their id is spelled', async () => {
    await write(`${CALL};`, { name: 'b', description: 'the second' });
    const first = await write(`${CALL};`, { name: 'a' });
    const { body } = await running.rest('GET', '/policies?limit=1&offset=1');
    expect(body).toMatchObject({
      total: 2,
      policies: [{ name: 'b', description: 'the second', created_by: 'admin@example.com' }],
    });
    expect((await running.rest('GET', `/policies/${first.id.toUpperCase()}`)).body.name).toBe('a');
    expect((await running.rest('GET', '/policies/schema')).body.schema).toContain('action "tools.execute"');
  });

  it.each([
    ['GET', ''],
    ['POST', ''],
    ['GET', '/schema'],
    ['POST', '/simulate'],
    ['GET', '/ID'],
    ['GET', '/ID/versions'],
    ['GET', '/ID/shadow'],
    ['PUT', '/ID'],
    ['POST', '/ID/activate'],
    ['POST', '/ID/deactivate'],
    ['DELETE', '/ID'],
  ])('are none of an ordinary user’s, nor a narrowed administrator’s, business: %s %s', async (method, path) => {
    const policy = await write(`${CALL};`);
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const narrowed = await running.mint(`t ${method} ${path}`, { permissions: ['tools.*', 'admin.*'] });
    for (const token of [ann, narrowed])
      expect((await running.rest(method, `/policies${path.replace('ID', policy.id)}`, body, token)).status).toBe(403);
    expect((await running.rest('GET', `/policies/${policy.id}`)).body.revision).toBe(0);
  });

  describe('simulated', () => {
    const ask = (more: object) =>
      running.rest('POST', '/policies/simulate', {
        principal: { email: 'ann@example.com' },
        action: 'tools.execute',
        resource: { name: 'wipe', annotations: { destructiveHint: true } },
        ...more,
      });

    it('answer by those in force, and tell what drafts would say, without any effect', async () => {
      const active = await enforce(`${CALL} when { context.hour < 8 };`);
      const draft = await write(`${CALL} when { resource has destructiveHint && resource.destructiveHint };`);
      const early = await ask({ context: { now: '2026-12-01T07:00:00Z' } });
      const late = await ask({ context: { now: '2026-12-01T09:00:00Z' } });
      expect([early.status, early.body]).toEqual([
        200,
        {
          allowed: false,
          reason: 'policy',
          policies: [{ id: active.id, name: expect.any(String), version: 1 }],
          shadow: [{ id: draft.id, name: expect.any(String), version: 1 }],
        },
      ]);
      expect(late.body).toMatchObject({ allowed: true, reason: 'granted', policies: [], shadow: [{ id: draft.id }] });
      expect(await findings(draft)).toEqual({ findings: [], total: 0 });
    });

    it('ask the roles of an account, and know the rows of the registry', async () => {
      const { body: tools } = await running.rest('GET', '/tools');
      const id = tools.find(({ name }: { name: string }) => name === 'up-wipe').id;
      const who = { principal: { user_email: 'Ann@example.com' }, resource: undefined, resource_id: id };
      expect((await ask(who)).body).toMatchObject({ allowed: true, reason: 'granted' });
      const policies = `${CALL} when { resource has destructiveHint && resource.tags.isEmpty() };`;
      expect((await ask({ ...who, policies })).body).toMatchObject({ allowed: false, reason: 'policy' });
      await enforce(`${CALL};`);
      expect((await ask(who)).body).toMatchObject({ allowed: false, reason: 'policy' });
      expect((await ask({ ...who, policies: '' })).body).toMatchObject({ allowed: true });
      expect((await ask({ ...who, action: 'tools.delete' })).body).toMatchObject({ reason: 'permission_missing' });
      expect((await ask({ ...who, resource_id: NOBODY_S })).status).toBe(404);
      expect((await ask({ ...who, principal: { user_email: 'nobody@example.com' } })).status).toBe(404);
    });

    it('try texts that are not stored', async () => {
      const policies = `${CALL} when { principal in Team::"red" };\n${CALL} when { context has address && context.address.isLoopback() };`;
      const asked = await ask({
        principal: { email: 'Ann@Example.com', teams: ['red'], roles: ['viewer'], kind: 'api_token', token: 'jti' },
        context: { address: '192.0.2.1', arguments: { a: 1 }, server: 'x' },
        policies,
      });
      expect(asked.body).toMatchObject({ allowed: false, policies: [{ id: '1', name: null, version: null }] });
      expect((await ask({ policies: '' })).body).toMatchObject({ allowed: true });
    });

    it.each([
      [{ policies: 'permit (principal, action, resource);' }, ['body', 'policies']],
      [{ policies: 'forbid (' }, ['body', 'policies']],
      [{ action: 'policies.delete' }, ['body', 'action']],
      [{ action: 'tools.fly' }, ['body', 'action']],
      [{ principal: {} }, ['body', 'principal', 'email']],
      [{ principal: undefined }, ['body', 'principal']],
      [{ principal: { user_email: 'ann' } }, ['body', 'principal', 'user_email']],
      [{ resource: { colour: 'red' } }, ['body', 'resource', 'colour']],
      [{ context: { address: 'here' } }, ['body', 'context', 'address']],
    ])('refuse %j', async (more, loc) => {
      const { status, body } = await ask(more);
      expect([status, body.detail?.[0]?.loc]).toEqual([422, loc]);
    });
  });
});
