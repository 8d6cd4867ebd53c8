import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { isUniqueViolation } from '../database/unique-violation.js';
import { AuthSettings } from './auth.settings.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordAge } from './passwords/password-age.js';
import { UserRepository } from './user.repository.js';

/** Creates the first administrator; several replicas may try at once. */
@Injectable()
export class AdminBootstrap implements OnModuleInit {
  readonly #log = new Logger(AdminBootstrap.name);

  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly age: PasswordAge,
    private readonly settings: AuthSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    if (await this.users.hasAdmin()) return;
    const { adminEmail, adminPassword, adminFullName } = this.settings;
    if (!adminPassword)
      throw new Error('There is no administrator yet: set PLATFORM_ADMIN_PASSWORD for the first start');
    const passwordHash = await this.hasher.hash(adminPassword.reveal());
    try {
      await this.users.create({
        email: adminEmail,
        passwordHash,
        fullName: adminFullName ?? 'Platform Administrator',
        isAdmin: true,
        passwordChangeRequired: this.age.bootstrapMustChange(adminPassword.reveal(), adminEmail),
      });
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
