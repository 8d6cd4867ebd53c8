import { Logger } from '@nestjs/common';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { AdminBootstrap } from './admin-bootstrap.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { AuthSettings } from '../auth.settings.js';
import { AuthEvent } from '../events/auth-event.entity.js';
import { PersonalTeams } from '../../teams/personal-teams.js';
import { TeamChanges } from '../../teams/team-changes.js';
import { TeamMember } from '../../teams/team-member.entity.js';
import { TeamsSettings } from '../../teams/teams.settings.js';
import { AuthEvents } from '../events/auth-events.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordAge } from '../passwords/password-age.js';
import { PasswordSettings } from '../passwords/password.settings.js';
import { User } from './user.entity.js';

const PASSWORD = 'correct horse battery';
const VARIABLES = { ARGON2ID_MEMORY_COST: '8192', ARGON2ID_TIME_COST: '1', PLATFORM_ADMIN_EMAIL: 'Root@Example.com' };

describe(AdminBootstrap.name, () => {
  let identity: Identity;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    identity = await Identity.open();
  });
  afterEach(() => identity.close());

  const bootstrap = (variables: Record<string, string> = { PLATFORM_ADMIN_PASSWORD: PASSWORD }): AdminBootstrap => {
    const settings = settingsOf(AuthSettings, { ...VARIABLES, ...variables });
    const age = new PasswordAge(settingsOf(PasswordSettings));
    const events = new AuthEvents(identity.database.getRepository(AuthEvent));
    const unit = new UnitOfWork(identity.database);
    const teams = new PersonalTeams(new TeamChanges(identity.database, unit, identity.bus), settingsOf(TeamsSettings));
    return new AdminBootstrap(identity.users, new PasswordHasher(settings), age, events, unit, teams, settings);
  };
  const everybody = (): Promise<User[]> => identity.database.getRepository(User).find();

  it('creates the first administrator, who can sign in', async () => {
    await bootstrap().onModuleInit();
    const [root, ...others] = await everybody();
    expect(others).toEqual([]);
    expect(root).toMatchObject({ email: 'root@example.com', isAdmin: true, isActive: true, emailVerified: true });
    expect(root?.fullName).toBe('Platform Administrator');
    const [member] = await identity.database.getRepository(TeamMember).find();
    expect(member).toMatchObject({ userId: root?.id, role: 'owner' });
    expect(await new PasswordHasher(settingsOf(AuthSettings)).verify(root?.passwordHash ?? '', PASSWORD)).toBe(true);
  });

  it.each([
    ['a weak one', PASSWORD, true],
    ['one that keeps the rules', 'A test fixture, not a secret', false],
    ['a random one', 'lQ8dVf3kZr1mPz7Xw2sNc5tBy9gHj4eKu6oRiTaYxWq', false],
  ])('asks for another password: %s', async (_, password, expected) => {
    await bootstrap({ PLATFORM_ADMIN_PASSWORD: password }).onModuleInit();
    expect((await everybody())[0]?.passwordChangeRequired).toBe(expected);
  });

  it('does nothing once there is one, whoever it is and whatever the settings say', async () => {
    await bootstrap().onModuleInit();
    const before = await everybody();
    await bootstrap({
      PLATFORM_ADMIN_PASSWORD: 'another password',
      PLATFORM_ADMIN_EMAIL: 'x@example.com',
    }).onModuleInit();
    await bootstrap({}).onModuleInit();
    expect(await everybody()).toEqual(before);
  });

  it('creates one when several start at once', async () => {
    await Promise.all([bootstrap(), bootstrap(), bootstrap()].map((one) => one.onModuleInit()));
    expect(await everybody()).toHaveLength(1);
    expect(await identity.database.getRepository(AuthEvent).find()).toMatchObject([
      { eventType: 'account_created', userEmail: 'root@example.com', success: true, details: { by: 'bootstrap' } },
    ]);
  });

  it('stops the start when a password is missing', async () => {
    await expect(bootstrap({}).onModuleInit()).rejects.toThrow('PLATFORM_ADMIN_PASSWORD');
    expect(await everybody()).toEqual([]);
  });

  it('stops the start when its address is that of somebody who is no administrator', async () => {
    await identity.addUser('root@example.com');
    await expect(bootstrap().onModuleInit()).rejects.toThrow('PLATFORM_ADMIN_EMAIL is the address of somebody else');
    expect(await everybody()).toHaveLength(1);
  });
});
