import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, MoreThan, Or, type Repository } from 'typeorm';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { User } from '../accounts/user.entity.js';
import { LockoutSettings } from './lockout.settings.js';
import { slowdown } from './slowdown.js';

/** No account has this id: strangers cost the same statements. */
const NOBODY = '-';

/** What becomes of one attempt to sign in. */
export interface Admission {
  /** Whether its password may be compared at all. */
  readonly admitted: boolean;
  /** Failures in a row, this attempt included. */
  readonly failures: number;
  /** Until when this attempt has closed the account, unless it succeeds. */
  readonly closedUntil: Date | null;
}

type Account = Pick<User, 'id' | 'isAdmin' | 'passwordHash'>;

/**
 * Counts failures in the row of the account. An attempt is counted before its password is compared, so that however
 * many come at once, on however many replicas, no more passwords are compared than the limit allows.
 */
@Injectable()
export class Lockout {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly settings: LockoutSettings,
  ) {}

  /** Counts an attempt as failed. Without an account it does the same work to no row. */
  admit(account: Account | undefined): Promise<Admission> {
    const id = account?.id ?? NOBODY;
    const slowed = this.#isSlowed(account);
    return this.unit.run(async (manager) => {
      const users = manager.getRepository(User);
      const now = new Date();
      const forgiven = new Date(slowed ? now.getTime() - this.#lockMs : now);
      await users.update({ id, lockedUntil: LessThanOrEqual(forgiven) }, { failedLoginAttempts: 0, lockedUntil: null });
      const open = Or(IsNull(), LessThanOrEqual(now));
      // From here on the row is ours until the end of the transaction: what is read below is what this attempt made.
      const admitted = await countOne(users, { id, lockedUntil: open });
      if (!admitted) await countOne(users, { id });
      const row = await users.findOne({ select: { id: true, failedLoginAttempts: true }, where: { id } });
      const failures = row?.failedLoginAttempts ?? 0;
      const beyond = failures - this.settings.maxFailures;
      if (!admitted || beyond < 0) return { admitted, failures, closedUntil: null };
      const closedUntil = new Date(now.getTime() + (slowed ? slowdown(beyond) : this.#lockMs));
      await users.update({ id }, { lockedUntil: closedUntil });
      return { admitted, failures, closedUntil };
    });
  }

  /** After the right password: forgets all failures. False when the account was changed or disabled meanwhile. */
  async forgive({ id, passwordHash }: Account): Promise<boolean> {
    const open = { failedLoginAttempts: 0, lockedUntil: null };
    return this.unit.run(async (manager) => {
      const { affected } = await manager.update(User, { id, passwordHash, isActive: true }, open);
      return affected === 1;
    });
  }

  /** Takes an attempt back whose password was not compared after all. */
  takeBack(account: Account | undefined, { closedUntil }: Admission): Promise<void> {
    const id = account?.id ?? NOBODY;
    return this.unit.run(async (manager) => {
      const users = manager.getRepository(User);
      await users.decrement({ id, failedLoginAttempts: MoreThan(0) }, 'failedLoginAttempts', 1);
      if (closedUntil) await users.update({ id, lockedUntil: closedUntil }, { lockedUntil: null });
    });
  }

  /** Whether an attempt is the one that locked the account, which happens once until it is open again. */
  isLock(account: Account, { failures, closedUntil }: Admission): boolean {
    return closedUntil !== null && (!this.#isSlowed(account) || failures === this.settings.maxFailures);
  }

  get #lockMs(): number {
    return this.settings.lockMinutes * 60_000;
  }

  #isSlowed(account: Account | undefined): boolean {
    return this.settings.slowAdmins && account?.isAdmin === true;
  }
}

/** @returns whether there was such a row */
async function countOne(users: Repository<User>, where: Parameters<typeof users.increment>[0]): Promise<boolean> {
  const { affected } = await users.increment(where, 'failedLoginAttempts', 1);
  return affected === 1;
}
