import { type OwnedRow, type Principal } from '#libs/policy';
import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from 'vitest';
import { holding, administrator, memberOf, publicOnly, somebody } from '../../test/fixtures/principals.js';
import { plainAccess } from '../../test/fixtures/rbac/plain-access.js';
import { GatewayError } from '../http/errors.js';
import { AccessService } from './access.service.js';

const ANN = 'ann@example.com';
const OPEN: OwnedRow = { visibility: 'public', teamId: null, ownerEmail: 'bob@example.com' };
const HIDDEN: OwnedRow = { visibility: 'private', teamId: null, ownerEmail: 'bob@example.com' };
const RED: OwnedRow = { visibility: 'team', teamId: 'red', ownerEmail: 'bob@example.com' };

/** A principal about whom nothing can be decided. */
const broken: Principal = {
  ...administrator,
  get teams(): never {
    throw new Error('broken rule');
  },
};

describe(AccessService.name, () => {
  const access = plainAccess();
  beforeAll(() => Logger.overrideLogger(false));

  const refusal = (...demand: Parameters<AccessService['demand']>): unknown => {
    try {
      access.demand(...demand);
      return undefined;
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      const { status, code, reason, detail } = error as GatewayError;
      return { status, code, reason, detail };
    }
  };

  it('denies when deciding fails', () => {
    expect(access.decide(broken, 'tools.read')).toEqual({ allowed: false, reason: 'error' });
    expect(access.visible(broken, 'tools.read', [OPEN])).toEqual([]);
    expect(refusal(broken, 'tools.read')).toMatchObject({ status: 403, reason: 'error', detail: 'Access denied' });
  });

  it('lists what may be read, and nothing to those who may not', () => {
    const rows = [OPEN, HIDDEN, RED];
    expect(access.visible(somebody(ANN, memberOf('red')), 'tools.read', rows)).toEqual([OPEN, RED]);
    expect(access.visible(administrator, 'tools.read', rows)).toEqual([OPEN, RED]);
    expect(access.visible(publicOnly, 'tools.read', rows)).toEqual([OPEN]);
    expect(access.visible({ ...publicOnly, grants: holding() }, 'tools.read', rows)).toEqual([]);
  });

  it('says 404 about rows that are hidden, and 403 about the rest', () => {
    const ann = somebody(ANN, memberOf());
    expect(refusal(ann, 'tools.read', OPEN)).toBeUndefined();
    expect(refusal(ann, 'tools.read', HIDDEN)).toMatchObject({ status: 404, code: 'not_found', reason: 'not_visible' });
    expect(refusal(ann, 'gateways.update', OPEN)).toMatchObject({ status: 403, reason: 'not_owner' });
    const reader = { ...ann, grants: holding('tools.read') };
    expect(refusal(reader, 'gateways.update', HIDDEN)).toMatchObject({ status: 403, reason: 'permission_missing' });
  });

  it('tells the caller nothing but that', () => {
    const nobody = { ...publicOnly, grants: holding() };
    expect(refusal(nobody, 'tools.read')).toEqual({
      status: 403,
      code: 'access_denied',
      reason: 'permission_missing',
      detail: 'Access denied',
    });
    expect(refusal(publicOnly, 'tools.read', HIDDEN)).toMatchObject({ detail: 'Not found' });
  });
});
