import { type Permission, PERMISSIONS } from '#libs/policy';
import { describe, expect, it } from 'vitest';
import {
  administrator,
  heldRole,
  memberOf,
  narrowedTo,
  publicOnly,
  somebody,
  withRoles,
} from '../../../test/fixtures/principals.js';
import { compiled, question } from '../../../test/fixtures/rbac/compiled.js';
import { plainAccess } from '../../../test/fixtures/rbac/plain-access.js';
import { SeededRandom } from '../../../test/fixtures/seeded-random.js';
import { AccessService, type Circumstances, type Target } from '../access.service.js';
import { NoCheckLog } from '../../../test/fixtures/fakes/no-check-log.js';
import type { CompiledPolicies } from './cedar/compiled-policies.js';
import { refusalOf } from './cedar/refusal-of.js';
import { ForbiddingPolicies } from './forbidding-policies.js';

class Given extends ForbiddingPolicies {
  constructor(private readonly policies: CompiledPolicies) {
    super();
  }

  forbids(principal: typeof administrator, action: Permission, row: Target | undefined, at: Circumstances) {
    const verdict = this.policies.ask(question({ principal, action, row, arguments: at.arguments }));
    return verdict && refusalOf(verdict);
  }

  observe(): void {}

  version(): undefined {}

  onChange(): void {}
}

const POLICIES = [
  'forbid (principal, action, resource) when { principal.narrowed };',
  'forbid (principal, action in Action::"read", resource is Tool) unless { resource.visibility == "public" };',
  'forbid (principal, action in Action::"tools", resource) unless { principal in Role::"developer" };',
  'forbid (principal, action, resource is Tool) unless { resource has owner && resource.owner == principal };',
  'forbid (principal, action in Action::"update", resource) when { context.hour >= 12 };',
];
const PEOPLE = [
  administrator,
  publicOnly,
  somebody('ann@example.com', memberOf('red')),
  somebody('ann@example.com', narrowedTo('red')),
  withRoles('ann@example.com', ['red'], [heldRole('developer', ['tools.*'], 'red')], ['red']),
  withRoles('bob@example.com', ['blue'], []),
];
const ACTIONS = Object.keys(PERMISSIONS) as Permission[];

describe('policies', () => {
  it.each([1, 2, 3])('only take away from what roles allow (%i)', (seed) => {
    const random = new SeededRandom(seed);
    const chosen = random.several(4, () => random.pick(POLICIES));
    const access = new AccessService(new Given(compiled(...chosen, POLICIES[0] ?? '')), new NoCheckLog());
    const plain = plainAccess();
    let taken = 0;
    for (let time = 0; time < 500; time += 1) {
      const row: Target | undefined = random.pick([
        undefined,
        {
          id: 't',
          name: 'echo',
          visibility: random.pick(['public', 'team', 'private'] as const),
          teamId: random.pick([null, 'red', 'blue']),
          ownerEmail: random.pick([null, 'ann@example.com', 'bob@example.com']),
        },
      ]);
      const [who, action] = [random.pick(PEOPLE), random.pick(ACTIONS)];
      const [by, before] = [access.decide(who, action, row), plain.decide(who, action, row)];
      if (by.allowed || !before.allowed) expect(by).toEqual(before);
      else {
        expect(by.reason).toBe('policy');
        taken += 1;
      }
    }
    expect(taken).toBeGreaterThan(0);
  });
});
