import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UserRepository } from './user.repository.js';

describe(UserRepository.name, () => {
  let identity: Identity;
  beforeEach(async () => {
    identity = await Identity.open();
  });
  afterEach(() => identity.close());

  it('keeps addresses in lower case and finds them in any', async () => {
    const ann = await identity.addUser('Ann@Example.COM');
    expect(ann.email).toBe('ann@example.com');
    expect((await identity.users.byEmail('ANN@example.com'))?.id).toBe(ann.id);
    expect(await identity.users.byEmail('ann@example.com ')).toBeNull();
  });

  it('finds a subject by e-mail or by id, however the id is written', async () => {
    const { id, email } = await identity.addUser('ann@example.com');
    const hyphens = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    for (const subject of [id, hyphens, hyphens.toUpperCase(), email, email.toUpperCase()]) {
      expect((await identity.users.bySubject(subject))?.id, subject).toBe(id);
    }
    for (const subject of ['', '%', id.slice(1), `${id}0`, '@', "' OR '1'='1"]) {
      expect(await identity.users.bySubject(subject), subject).toBeNull();
    }
  });

  it('has one user of an address', async () => {
    await identity.addUser('ann@example.com');
    const error: unknown = await identity.addUser('ANN@example.com').catch((reason: unknown) => reason);
    expect(isUniqueViolation(error)).toBe(true);
  });

  it('knows whether there is an administrator', async () => {
    await identity.addUser('ann@example.com');
    expect(await identity.users.hasAdmin()).toBe(false);
    await identity.addUser('root@example.com', { isAdmin: true });
    expect(await identity.users.hasAdmin()).toBe(true);
  });

  it('changes only whom it was told to', async () => {
    const [ann, bob] = [await identity.addUser('ann@example.com'), await identity.addUser('bob@example.com')];
    await identity.users.setActive(ann.id, false);
    await identity.users.signedIn(ann, new Date(7));
    expect(await identity.users.byEmail('ann@example.com')).toMatchObject({ isActive: false, lastLogin: new Date(7) });
    expect(await identity.users.byEmail('bob@example.com')).toEqual(bob);
  });
});
