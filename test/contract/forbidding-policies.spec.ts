import { GOVERNED } from '../../src/rbac/policies/cedar/policy-schema.js';
import { type Permission, PERMISSIONS } from '#libs/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { InProcessChangeBus } from '../../src/changes/change-bus.js';
import { AccessService } from '../../src/rbac/access.service.js';
import { NoCheckLog } from '../fixtures/fakes/no-check-log.js';
import { CedarPolicies } from '../../src/rbac/policies/cedar-policies.js';
import type { ForbiddingPolicies } from '../../src/rbac/policies/forbidding-policies.js';
import { NoPolicies } from '../fixtures/fakes/no-policies.js';
import { PolicyStore } from '../../src/rbac/policies/policy-store.js';
import { ShadowFindings } from '../../src/rbac/policies/shadow-findings.js';
import { openMemoryDatabase } from '../fixtures/memory-database.js';
import { administrator, holding, memberOf, narrowedTo, publicOnly, somebody } from '../fixtures/principals.js';
import { question } from '../fixtures/rbac/compiled.js';

const CALLERS = [
  administrator,
  publicOnly,
  somebody('ann@example.com', memberOf('red')),
  somebody('ann@example.com', narrowedTo('red'), { grants: holding('tools.*') }),
];
const ACTIONS = Object.keys(PERMISSIONS) as Permission[];

/** What every one of them does while nothing is forbidden. */
function forbidsNothing(policies: () => ForbiddingPolicies): void {
  it('changes no decision', () => {
    const plain = new AccessService(new NoPolicies(), new NoCheckLog());
    const access = new AccessService(policies(), new NoCheckLog());
    const { row } = question();
    for (const caller of CALLERS)
      for (const action of ACTIONS)
        for (const target of [row, undefined])
          expect(access.decide(caller, action, target)).toEqual(plain.decide(caller, action, target));
  });

  it('lets every answer be remembered, until something changes', () => {
    const versions = new Set(ACTIONS.map((action) => policies().version(action)));
    expect([...versions]).toEqual([expect.any(Number)]);
  });
}

describe(NoPolicies.name, () => {
  const policies = new NoPolicies();
  forbidsNothing(() => policies);
});

describe(`${CedarPolicies.name} of an empty database`, () => {
  let database: DataSource;
  let policies: CedarPolicies;
  beforeAll(async () => {
    database = await openMemoryDatabase();
    policies = new CedarPolicies(new PolicyStore(database), new ShadowFindings(database), new InProcessChangeBus());
    await policies.onApplicationBootstrap();
  });
  afterAll(() => database.destroy());
  forbidsNothing(() => policies);

  it('asks nothing', () => {
    const { active } = policies.current;
    const asked = GOVERNED.flatMap((action) => [active.about(action, true), active.about(action, false)]);
    expect(asked.filter((set) => set !== undefined)).toEqual([]);
  });
});
