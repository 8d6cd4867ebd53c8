import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, Repository } from 'typeorm';
import { arrivalId } from '../../audit/arrival-id.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { PasswordHasher } from './password-hasher.js';
import { SessionService } from '../sessions/session.service.js';
import { User } from '../accounts/user.entity.js';
import { PasswordAge } from './password-age.js';
import { FormerPassword } from './password-history.entity.js';
import { type PasswordOwner, PasswordPolicy } from './password-policy.js';
import { PasswordReset } from './password-reset.entity.js';
import { PasswordSettings } from './password.settings.js';

export interface NewPassword {
  /** Whether its owner must choose another at the next sign-in, as after somebody else chose it. */
  readonly changeRequired: boolean;
  /** True unless it says otherwise: whoever knew the old password is out. */
  readonly endSessions?: boolean;
  /** Database work that takes effect together with the password, or neither does; it comes first. */
  readonly alongside?: (manager: EntityManager) => Promise<void>;
}

/** Pruned at once; more there can't be unless the setting was lowered. */
const MOST_FORMER = 1000;

/** What a password may be, and the one way to give an account another. */
@Injectable()
export class Passwords {
  readonly #policy: PasswordPolicy;

  constructor(
    private readonly hasher: PasswordHasher,
    private readonly unit: UnitOfWork,
    @InjectRepository(FormerPassword) private readonly former: Repository<FormerPassword>,
    private readonly sessions: SessionService,
    private readonly changes: ChangeBus,
    private readonly age: PasswordAge,
    private readonly settings: PasswordSettings,
  ) {
    this.#policy = new PasswordPolicy(settings);
  }

  /** @throws GatewayError 400 that names each rule which does not hold */
  assertAllowed(password: string, owner: PasswordOwner): void {
    const faults = this.#policy.faults(password, owner);
    if (faults.length > 0)
      throw new GatewayError('bad_request', `The password ${faults.join('; ')}`, 'password_policy');
  }

  /** Whether the account must choose another password first, see {@link PasswordAge.mustChange}. */
  mustChange(user: User, given?: string): boolean {
    return this.age.mustChange(user, given);
  }

  /**
   * Checks the rules and the history, stores the hash and the time; the old one goes to the history, and every reset
   * token of the account is used up.
   * @throws GatewayError 400; 409 when the password of the account is no longer that of `user`
   */
  async set(
    user: User,
    password: string,
    { changeRequired, endSessions = true, alongside }: NewPassword,
  ): Promise<void> {
    this.assertAllowed(password, user);
    await this.#assertNotUsed(user, password);
    const passwordHash = await this.hasher.hash(password);
    await this.unit.run(async (manager) => {
      await alongside?.(manager);
      await this.#replace(manager, user, passwordHash, changeRequired);
    });
    try {
      if (endSessions) await this.sessions.endAll(user.id, 'password_changed');
    } finally {
      this.changes.publish({ kind: 'user_changed', userId: user.id });
    }
  }

  /** One after another, so that one caller takes one place in the line of hashes. */
  async #assertNotUsed(user: User, password: string): Promise<void> {
    const { preventReuse, historyCount } = this.settings;
    if (!preventReuse) return;
    const former = await this.former.find({
      where: { userId: user.id },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: historyCount,
    });
    const hashes = [user.passwordHash, ...former.map(({ passwordHash }) => passwordHash)];
    for (const hash of hashes.filter(isHash)) {
      if (!(await this.hasher.verify(hash, password))) continue;
      const rule = `must not be the present one or one of the last ${historyCount}`;
      throw new GatewayError('bad_request', `The password ${rule}`, 'password_reuse');
    }
  }

  async #replace(manager: EntityManager, user: User, passwordHash: string, changeRequired: boolean): Promise<void> {
    const now = new Date();
    const { affected } = await manager.update(
      User,
      // Two changes at once must not both rest on the same old password.
      { id: user.id, passwordHash: user.passwordHash },
      { passwordHash, passwordChangeRequired: changeRequired, passwordChangedAt: now, updatedAt: now },
    );
    if (affected !== 1) throw new GatewayError('conflict', 'The password was changed meanwhile');
    // Or whoever once read the account's mail could still undo the change.
    await manager.update(PasswordReset, { userId: user.id, usedAt: IsNull() }, { usedAt: now });
    const { preventReuse, historyCount } = this.settings;
    if (!preventReuse || !isHash(user.passwordHash)) return;
    const old = { userId: user.id, passwordHash: user.passwordHash };
    await manager.insert(FormerPassword, { id: arrivalId(now.getTime()), ...old, createdAt: now });
    const forgotten = await manager.find(FormerPassword, {
      where: { userId: user.id },
      order: { createdAt: 'DESC', id: 'DESC' },
      skip: historyCount,
      take: MOST_FORMER,
    });
    if (forgotten.length > 0) {
      await manager.delete(
        FormerPassword,
        forgotten.map(({ id }) => id),
      );
    }
  }
}

/** Accounts that never signed in with a password have none. */
const isHash = (text: string): boolean => text.startsWith('$argon2id$');
