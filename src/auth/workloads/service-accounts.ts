import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import type { User } from '../accounts/user.entity.js';
import { UserRepository } from '../accounts/user.repository.js';
import { AuthEvents } from '../events/auth-events.js';
import { WorkloadSettings } from './workload.settings.js';

const PROVIDER = 'workload';
/** The start of a gateway is no request. */
const NOBODY = { address: '', agent: '' };

/** Whether workloads may be mapped to an account: never to that of a person. */
export const isServiceAccountRow = ({ authProvider }: Pick<User, 'authProvider'>): boolean => authProvider === PROVIDER;

/**
 * Makes the accounts that WORKLOAD_ISSUERS names, in no team and without a password. Administrators put them into teams,
 * give them roles, and switch them off, like every account.
 */
@Injectable()
export class ServiceAccounts implements OnModuleInit {
  readonly #log = new Logger(ServiceAccounts.name);

  constructor(
    private readonly settings: WorkloadSettings,
    private readonly users: UserRepository,
    private readonly events: AuthEvents,
    private readonly unit: UnitOfWork,
  ) {}

  async onModuleInit(): Promise<void> {
    const named = this.settings.issuers.flatMap(({ services }) => services.map(({ account }) => account));
    for (const email of new Set(named)) await this.#ensure(email);
  }

  async #ensure(email: string): Promise<void> {
    const known = await this.users.byEmail(email);
    if (known && !isServiceAccountRow(known))
      this.#log.warn({ message: 'WORKLOAD_ISSUERS names the account of a person; its workloads are refused', email });
    if (!known) await this.#create(email);
  }

  async #create(email: string): Promise<void> {
    try {
      await this.unit.run(async (manager) => {
        const none = { passwordHash: '', fullName: null, isAdmin: false };
        await this.users.create({ email, ...none, authProvider: PROVIDER }, manager);
        const details = { by: 'settings', auth_provider: PROVIDER };
        await this.events.record({ email, type: 'account_created', success: true, client: NOBODY, details }, manager);
      });
    } catch (error) {
      // Another replica was faster.
      if (!isUniqueViolation(error)) throw error;
    }
  }
}
