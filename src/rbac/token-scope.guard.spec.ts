import { compileRestrictions, type Principal, type TokenRestrictions, UNRESTRICTED } from '#libs/policy';
import { All, Controller, Get } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallerGuard } from '../../test/fixtures/fakes/caller-guard.js';
import { MemoryCheckLog } from '../../test/fixtures/fakes/memory-check-log.js';
import { administrator } from '../../test/fixtures/principals.js';
import { SmallGate } from '../../test/fixtures/small-gate.js';
import { McpEndpoint, Public, Requires, SignedIn } from '../http/route-policy.js';
import { CheckLog } from './checks/check-log.js';
import { TokenScopeGuard } from './token-scope.guard.js';

const MINE = '9779b6698cbd4b4995ee04a4fab38737';
const ANOTHER = 'b8e3f1a2c4d5e6f7a1b2c3d4e5f6a7b8';
const NONE = { serverId: null, permissions: [], ipRestrictions: [], timeRules: [] };

@Controller()
class Routes {
  @All(['mcp', 'rpc', 'servers/:serverId/mcp'])
  @McpEndpoint()
  door(): string {
    return 'ok';
  }

  @Get(['servers', 'tools', 'tools/:id', 'tokens', 'servers/:serverId'])
  @Requires('servers.read')
  rest(): string {
    return 'ok';
  }

  @Get('me')
  @SignedIn()
  me(): string {
    return 'ok';
  }

  @Get('health')
  @Public('a test')
  health(): string {
    return 'ok';
  }

  @Get('forgotten')
  forgotten(): string {
    return 'ok';
  }
}

describe(TokenScopeGuard.name, () => {
  let gate: SmallGate;
  let checks: MemoryCheckLog;
  beforeAll(async () => {
    checks = new MemoryCheckLog();
    gate = await SmallGate.start({
      controllers: [Routes],
      providers: [{ provide: CheckLog, useValue: checks }],
      guards: [CallerGuard, TokenScopeGuard],
    });
  });
  afterAll(() => gate.stop());
  beforeEach(() => {
    CallerGuard.address = undefined;
    restrictTo(UNRESTRICTED);
  });
  afterEach(() => vi.useRealTimers());

  const restrictTo = (restrictions: TokenRestrictions): void => {
    CallerGuard.principal = { ...administrator, restrictions };
  };
  const statusOf = async (path: string): Promise<number> => (await gate.fetch(path)).status;

  it('lets an unrestricted token through', async () => {
    for (const path of ['/mcp', `/servers/${MINE}/mcp`, '/tools', '/health']) expect(await statusOf(path)).toBe(200);
  });

  it('keeps a token of one server on that server, however its id is written', async () => {
    restrictTo(compileRestrictions({ ...NONE, serverId: MINE }));
    const spellings = [MINE, MINE.toUpperCase(), '9779b669-8cbd-4b49-95ee-04a4fab38737'];
    for (const id of spellings) expect(await statusOf(`/servers/${id}/mcp`), id).toBe(200);
    expect(await statusOf(`/servers/${MINE}`)).toBe(200);
    const closed = ['/mcp', '/rpc', '/servers', '/tools', `/tools/${MINE}`, '/tokens', `/servers/${ANOTHER}`];
    const odd = [
      `/servers/${ANOTHER}/mcp`,
      `/servers/${MINE}0/mcp`,
      `/servers/${MINE}%20/mcp`,
      `/servers/x/mcp?serverId=${MINE}`,
    ];
    for (const path of [...closed, ...odd]) expect(await statusOf(path), path).toBe(403);
  });

  it('keeps a token in its networks, whatever headers say', async () => {
    restrictTo(compileRestrictions({ ...NONE, ipRestrictions: ['10.0.0.0/8'] }));
    const headers = { 'X-Forwarded-For': '10.1.2.3', Forwarded: 'for=10.1.2.3', 'X-Real-IP': '10.1.2.3' };
    expect((await gate.fetch('/mcp', { headers })).status).toBe(403);
    CallerGuard.address = '10.1.2.3';
    expect(await statusOf('/mcp')).toBe(200);
    CallerGuard.address = '';
    expect(await statusOf('/mcp')).toBe(403);
  });

  it('keeps a token in its hours', async () => {
    restrictTo(compileRestrictions({ ...NONE, timeRules: ['business_hours_only'] }));
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-04T16:59:59.999Z') });
    expect(await statusOf('/mcp')).toBe(200);
    vi.setSystemTime(new Date('2026-03-04T17:00:00Z'));
    expect(await statusOf('/mcp')).toBe(403);
  });

  it('keeps a token with a list of permissions from routes that ask for none', async () => {
    const restrictions = compileRestrictions({ ...NONE, permissions: ['*'] });
    const token: Principal = { ...administrator, kind: 'api_token', restrictions };
    CallerGuard.principal = token;
    expect([await statusOf('/me'), await statusOf('/tools'), await statusOf('/mcp')]).toEqual([403, 200, 200]);
    CallerGuard.principal = { ...token, restrictions: UNRESTRICTED };
    expect(await statusOf('/me')).toBe(200);
    CallerGuard.principal = { ...token, kind: 'session' };
    expect(await statusOf('/me')).toBe(200);
  });

  it('has what it refuses written down', async () => {
    checks.noted.length = 0;
    restrictTo(compileRestrictions({ ...NONE, serverId: MINE }));
    for (const path of ['/tools', '/mcp', '/me', `/servers/${MINE}`]) await statusOf(path);
    const answer = { allowed: false, reason: 'token_server_scope' };
    const origin = expect.objectContaining({ correlationId: expect.any(String) });
    expect(checks.noted).toMatchObject([
      { principal: { subject: administrator.subject }, action: 'servers.read', answer, at: { origin } },
      { action: 'servers.use', answer },
    ]);
  });

  it('tells the caller nothing about what his token lacks', async () => {
    restrictTo(compileRestrictions({ ...NONE, serverId: MINE }));
    expect(await (await gate.fetch('/mcp')).json()).toEqual({ detail: 'Access denied', code: 'access_denied' });
  });

  it('lets nobody through but to public routes', async () => {
    CallerGuard.principal = undefined;
    expect(await statusOf('/health')).toBe(200);
    for (const path of ['/mcp', '/tools', '/forgotten']) expect(await statusOf(path)).toBe(401);
  });
});
