import { All, type CanActivate, Controller, type ExecutionContext, Get, Injectable, Post } from '@nestjs/common';
import type { Request } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { settingsOf } from '../test/fixtures/settings-of.js';
import { SmallGate } from '../test/fixtures/small-gate.js';
import { AnonymousAccess } from './auth/credentials/anonymous-access.js';
import { CredentialSettings } from './auth/credentials/credential.settings.js';
import { GatewayError } from './http/errors.js';
import { McpEndpoint, Public, SignedIn } from './http/route-policy.js';
import { refuseOpenDoors } from './refuse-open-doors.js';

@Controller()
class Doors {
  @All('mcp')
  @McpEndpoint()
  mcp(): string {
    return 'ok';
  }

  @Get('own')
  @SignedIn()
  own(): string {
    return 'ok';
  }

  @Post('login')
  @Public('a test')
  login(): string {
    return 'ok';
  }
}

@Controller()
class Forgotten {
  @Get('forgotten/:id')
  forgotten(): string {
    return 'ok';
  }
}

@Injectable()
class Closed implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return this.admits(context.switchToHttp().getRequest<Request>());
  }

  protected admits({ path }: Request): boolean {
    if (path === '/login') return true;
    throw new GatewayError('authentication_required');
  }
}

@Injectable()
class OpenToReaders extends Closed {
  protected override admits(request: Request): boolean {
    return request.method === 'GET' || super.admits(request);
  }
}

describe(refuseOpenDoors.name, () => {
  let gate: SmallGate;
  afterEach(() => gate.stop());

  const start = async (guard: typeof Closed, ...more: (typeof Forgotten)[]): Promise<void> => {
    const anonymous = { provide: AnonymousAccess, useValue: new AnonymousAccess(settingsOf(CredentialSettings)) };
    gate = await SmallGate.start({ controllers: [Doors, ...more], guards: [guard], providers: [anonymous] });
  };

  it('is content when every route that is not public asks who is calling', async () => {
    await start(Closed);
    await expect(refuseOpenDoors(gate.app)).resolves.toBeUndefined();
  });

  it('names the routes that do not, with each way of calling that they have', async () => {
    await start(OpenToReaders);
    await expect(refuseOpenDoors(gate.app)).rejects.toThrow(/: GET \/mcp \(200\), GET \/own \(200\)$/);
  });

  it('names routes without a policy, even when they refuse', async () => {
    await start(Closed, Forgotten);
    await expect(refuseOpenDoors(gate.app)).rejects.toThrow(/: GET \/forgotten\/:id \(401\)$/);
  });
});
