import { expandPermissions, type Permission, PERMISSIONS } from '#libs/policy';
import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallerGuard } from '../../test/fixtures/fakes/caller-guard.js';
import { holding, administrator, memberOf, narrowedTo, somebody } from '../../test/fixtures/principals.js';
import { plainAccess } from '../../test/fixtures/rbac/plain-access.js';
import { SmallGate } from '../../test/fixtures/small-gate.js';
import { McpEndpoint, Public, Requires, SignedIn } from '../http/route-policy.js';
import { AccessService } from './access.service.js';
import { PermissionGuard } from './permission.guard.js';

@Controller()
class Routes {
  @Get('audit')
  @Requires('admin.security_audit')
  audit(): string {
    return 'ok';
  }

  @Get('tools')
  @Requires('tools.read')
  tools(): string {
    return 'ok';
  }

  @Get('mcp')
  @McpEndpoint()
  door(): string {
    return 'ok';
  }

  @Get('mine')
  @SignedIn()
  mine(): string {
    return 'ok';
  }

  @Get('open')
  @Public('a test')
  open(): string {
    return 'ok';
  }

  @Get('forgotten')
  forgotten(): string {
    return 'ok';
  }
}

const PATHS = ['/audit', '/tools', '/mcp', '/mine', '/open', '/forgotten'];
const held = (...patterns: string[]) => somebody('ann@example.com', memberOf(), { grants: holding(...patterns) });
const capped = (...patterns: string[]) => ({
  ...administrator,
  restrictions: { timeRules: [], permissions: expandPermissions(patterns) },
});

describe(PermissionGuard.name, () => {
  let gate: SmallGate;
  beforeAll(async () => {
    gate = await SmallGate.start({
      controllers: [Routes],
      providers: [{ provide: AccessService, useFactory: plainAccess }],
      guards: [CallerGuard, PermissionGuard],
    });
  });
  afterAll(() => gate.stop());

  it.each([
    ['nobody', undefined, [401, 401, 401, 200, 200, 403]],
    ['somebody without a permission', held(), [403, 403, 403, 200, 200, 403]],
    ['a holder of tools.read', held('tools.read'), [403, 200, 200, 200, 200, 403]],
    ['a holder of servers.use', held('servers.use'), [403, 403, 200, 200, 200, 403]],
    ['an administrator', administrator, [200, 200, 200, 200, 200, 403]],
    ["an administrator's token for tools", capped('tools.read'), [403, 200, 200, 200, 200, 403]],
    ["an administrator's token for nothing", capped('nonsense'), [403, 403, 403, 200, 200, 403]],
    [
      'an administrator narrowed to a team',
      { ...administrator, teams: narrowedTo('red'), grants: holding('tools.read') },
      [403, 200, 200, 200, 200, 403],
    ],
  ])('%s', async (_, principal, statuses) => {
    CallerGuard.principal = principal;
    const answers = await Promise.all(PATHS.map((path) => gate.fetch(path)));
    expect(answers.map(({ status }) => status)).toEqual(statuses);
  });

  it.each(Object.keys(PERMISSIONS) as Permission[])('does not take %s for admin.security_audit', async (permission) => {
    CallerGuard.principal = held(permission);
    expect((await gate.fetch('/audit')).status).toBe(permission === 'admin.security_audit' ? 200 : 403);
  });
});
