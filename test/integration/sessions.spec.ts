import { beforeAll, describe, expect, it } from 'vitest';
import { TokenRevocation } from '../../src/auth/jwt/token-revocation.entity.js';
import { TokenRevocations } from '../../src/auth/jwt/token-revocations.js';
import { UserSession } from '../../src/auth/sessions/user-session.entity.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { UserRepository } from '../../src/auth/accounts/user.repository.js';
import { InProcessChangeBus } from '../../src/changes/change-bus.js';
import { type SessionParts, sessionParts } from '../fixtures/session-parts.js';
import { onEveryDatabase } from './on-every-database.js';

const CLIENT = { address: '192.0.2.7', agent: 'a test' };
const HOUR = 3_600_000;

onEveryDatabase((database) => {
  describe('sessions', () => {
    let parts: SessionParts;
    let revocations: TokenRevocations;
    let ann: User;
    beforeAll(async () => {
      const { dataSource } = database;
      const bus = new InProcessChangeBus();
      parts = sessionParts(dataSource, bus);
      revocations = new TokenRevocations(dataSource.getRepository(TokenRevocation), bus);
      const users = new UserRepository(dataSource.getRepository(User));
      ann = await users.create({ email: 'ann@example.com', passwordHash: 'none', fullName: null, isAdmin: false });
    });

    const start = async (): Promise<UserSession> => {
      const { jti } = await parts.service.start(ann, CLIENT);
      return database.dataSource.getRepository(UserSession).findOneByOrFail({ currentJti: jti });
    };
    const spentOf = ({ id, currentJti }: UserSession) => {
      return { sessionId: id, jti: currentJti, subject: ann.email, expiresAt: new Date(Date.now() + HOUR) };
    };

    it('should let exactly one of twenty refreshes at once win', async () => {
      const session = await start();
      const spent = spentOf(session);
      const won = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const jti = `next-${index}-${session.id.slice(0, 8)}`;
          return (await parts.repository.rotate(spent, jti, new Date())) ? [jti] : [];
        }),
      );
      expect(won.flat()).toHaveLength(1);
      expect((await parts.repository.byId(session.id))?.currentJti).toBe(won.flat()[0]);
      expect(await revocations.byJti(spent.jti)).toMatchObject({ reason: 'token_refresh' });
    });

    it('should not refresh a token that was revoked meanwhile, and change nothing', async () => {
      const session = await start();
      const { currentJti: jti } = session;
      await revocations.revoke({ jti, revokedBy: 'admin', reason: 'lost', tokenExpiry: null });
      expect(await parts.repository.rotate(spentOf(session), `${jti.slice(0, 8)}-next`, new Date())).toBe(false);
      expect(await parts.repository.byId(session.id)).toEqual(session);
    });

    it('should let the end of a session and its refresh not both win', async () => {
      const session = await start();
      const [rotated, ended] = await Promise.all([
        parts.repository.rotate(spentOf(session), `${session.id.slice(0, 8)}-next`, new Date()),
        parts.repository.endAll(ann.id, 'password_changed'),
      ]);
      expect(ended).toContain(session.id);
      const now = await parts.repository.byId(session.id);
      expect(now?.endedAt).not.toBeNull();
      expect(now?.currentJti === session.currentJti).toBe(!rotated);
      expect(now && (await parts.repository.rotate(spentOf(now), 'never', new Date()))).toBe(false);
    });

    it.each([{ passwordHash: 'another' }, { isActive: false }])(
      'should not start for an account that became %j since its password was checked',
      async (change) => {
        const users = new UserRepository(database.dataSource.getRepository(User));
        const email = `${Object.keys(change).join()}@example.com`.toLowerCase();
        const bob = await users.create({ email, passwordHash: 'none', fullName: null, isAdmin: false });
        await database.dataSource.manager.update(User, { id: bob.id }, change);
        await expect(parts.service.start(bob, CLIENT)).rejects.toMatchObject({ code: 'invalid_credentials' });
        expect(await parts.service.running(bob.id)).toEqual([]);
      },
    );

    it('should store uses only forwards', async () => {
      const { id, lastUsedAt } = await start();
      const later = new Date(lastUsedAt.getTime() + HOUR);
      for (const at of [later, lastUsedAt]) await parts.repository.used([id, 'unknown'], at);
      expect((await parts.repository.byId(id))?.lastUsedAt).toEqual(later);
    });

    it('should list what runs, newest first, and nobody else’s', async () => {
      await parts.repository.endAll(ann.id, 'logout');
      const [first, second] = [await start(), await start()];
      const since = new Date(Date.now() - HOUR);
      const listed = await parts.repository.running(ann.id, new Date(), since);
      expect(new Set(listed.map(({ id }) => id))).toEqual(new Set([first.id, second.id]));
      expect(await parts.repository.running('somebody else', new Date(), since)).toEqual([]);
      expect(await parts.repository.running(ann.id, second.expiresAt, since)).toEqual([]);
      expect(await parts.repository.running(ann.id, new Date(), new Date(Date.now() + HOUR))).toEqual([]);
    });

    it('should delete what is over, and never the revocation of a token without expiry', async () => {
      const { id, expiresAt } = await start();
      for (const [jti, tokenExpiry] of [
        ['p-expired', new Date(1000)],
        ['p-lives', new Date(3000)],
        ['p-eternal', null],
      ] as const) {
        await revocations.revoke({ jti, revokedBy: 'admin', reason: null, tokenExpiry });
      }
      await revocations.purge(new Date(2000));
      const left = await Promise.all(['p-expired', 'p-lives', 'p-eternal'].map((jti) => revocations.isRevoked(jti)));
      expect(left).toEqual([false, true, true]);
      await parts.repository.purge(expiresAt);
      expect(await parts.repository.byId(id)).not.toBeNull();
      await parts.repository.purge(new Date(expiresAt.getTime() + 1));
      expect(await parts.repository.byId(id)).toBeNull();
    });
  });
});
