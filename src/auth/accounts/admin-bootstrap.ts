import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { AuthSettings } from '../auth.settings.js';
import { PersonalTeams } from '../../teams/personal-teams.js';
import { AuthEvents } from '../events/auth-events.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordAge } from '../passwords/password-age.js';
import { UserRepository } from './user.repository.js';

/** The start of a gateway is no request. */
const NOBODY = { address: '', agent: '' };

/** Creates the first administrator; several replicas may try at once. */
@Injectable()
export class AdminBootstrap implements OnModuleInit {
  readonly #log = new Logger(AdminBootstrap.name);

  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly age: PasswordAge,
    private readonly events: AuthEvents,
    private readonly unit: UnitOfWork,
    private readonly teams: PersonalTeams,
    private readonly settings: AuthSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    if (await this.users.hasAdmin()) return;
    const { adminEmail, adminPassword, adminFullName } = this.settings;
    if (!adminPassword)
      throw new Error('There is no administrator yet: set PLATFORM_ADMIN_PASSWORD for the first start');
    const passwordHash = await this.hasher.hash(adminPassword.reveal());
    try {
      const passwordChangeRequired = this.age.bootstrapMustChange(adminPassword.reveal(), adminEmail);
      const admin = await this.unit.run(async (manager) => {
        const fullName = adminFullName ?? 'Platform Administrator';
        const user = await this.users.create(
          { email: adminEmail, passwordHash, fullName, isAdmin: true, passwordChangeRequired },
          manager,
        );
        const details = { by: 'bootstrap', is_admin: true };
        const event = { email: user.email, type: 'account_created', success: true, client: NOBODY, details } as const;
        await this.events.record(event, manager);
        return user;
      });
      await this.teams.ensure(admin);
      this.#log.log({ message: 'created the first administrator', email: adminEmail });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      if (await this.users.hasAdmin()) return;
      throw new Error('There is no administrator, and PLATFORM_ADMIN_EMAIL is the address of somebody else', {
        cause: error,
      });
    }
  }
}
