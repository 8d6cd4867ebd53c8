import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditTrail } from '../../src/audit/trail/audit-trail.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { UserRepository } from '../../src/auth/accounts/user.repository.js';
import { InProcessChangeBus } from '../../src/changes/change-bus.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { OauthToken } from '../../src/oauth/tokens/oauth-token.entity.js';
import { type Grant, TokenVault } from '../../src/oauth/tokens/token-vault.js';
import { administrator } from '../fixtures/principals.js';
import { insertSealed } from '../fixtures/vault/sealed-gateways.js';
import { type OpenVault, openVault } from '../fixtures/vault/open-vault.js';
import { withClock } from '../fixtures/with-clock.js';
import { onEveryDatabase } from './on-every-database.js';

const ISSUER = 'https://issuer.example.com';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const CLOCKS = [
  { holder: 0, other: DAY_MS },
  { holder: -DAY_MS, other: 0 },
  { holder: DAY_MS, other: 0 },
  { holder: 0, other: -DAY_MS },
];

describe('the lease of a refresh', () => {
  onEveryDatabase((database) => {
    let secrets: OpenVault;
    let grant: Grant;

    beforeAll(async () => {
      const { dataSource } = database;
      secrets = await openVault(dataSource, { AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('base64url') });
      const [gatewayId = ''] = await insertSealed(dataSource, secrets.sealer, 1);
      const users = new UserRepository(dataSource.getRepository(User));
      const ann = { email: 'ann@example.com', passwordHash: 'none', fullName: null, isAdmin: false };
      const { id: userId } = await users.create(ann);
      const at = { issuer: ISSUER, upstreamUrl: ISSUER, resource: null, tokenUrl: ISSUER };
      grant = { ...at, gatewayId, userId, clientId: 'client', scopes: '' };
    });
    afterAll(() => secrets.close());

    const rows = () => database.dataSource.getRepository(OauthToken);
    const row = () => rows().findOneByOrFail({ gatewayId: grant.gatewayId });
    /** Of one replica. */
    const vault = (): TokenVault => {
      const units = new UnitOfWork(database.dataSource);
      return new TokenVault(rows(), units, secrets.sealer, new InProcessChangeBus(), new AuditTrail());
    };

    beforeEach(async () => {
      const gateway = { id: grant.gatewayId, name: 'upstream', teamId: null };
      const tokens = { accessToken: 'one', refreshToken: 'two', expiresAt: undefined };
      await vault().connect(administrator, gateway, grant, tokens);
    });

    it.each(CLOCKS)(
      'is refused to everybody else while it lasts, whatever their clocks say: $holder, $other',
      async ({ holder, other }) => {
        const pair = await row();
        expect(await withClock(holder, () => vault().claim(pair, MINUTE_MS))).toBeDefined();
        expect(await withClock(other, () => vault().claim(pair, MINUTE_MS))).toBeUndefined();
      },
    );

    it.each(CLOCKS)(
      'is free when it has run out, whatever their clocks say: $holder, $other',
      async ({ holder, other }) => {
        const pair = await row();
        expect(await withClock(holder, () => vault().claim(pair, -1))).toBeDefined();
        expect(await withClock(other, () => vault().claim(pair, MINUTE_MS))).toBeDefined();
      },
    );

    it('is had by one of many who ask for it at once', async () => {
      const pair = await row();
      const leases = await Promise.all(Array.from({ length: 10 }, () => vault().claim(pair, MINUTE_MS)));
      const [held, ...more] = leases.filter((lease) => lease !== undefined);
      expect(more).toEqual([]);
      expect((await row()).refreshingUntil).toEqual(held);
    });

    it('is given back by nobody but its holder', async () => {
      const pair = await row();
      const late = await vault().claim(pair, -1);
      const held = await vault().claim(pair, MINUTE_MS);
      if (!late || !held) throw new Error('not claimed');
      expect(await vault().release(pair, late)).toBe(false);
      expect((await row()).refreshingUntil).toEqual(held);
      expect(await vault().release(pair, held)).toBe(true);
      expect((await row()).refreshingUntil).toBeNull();
    });

    it('is refused for a pair that is another by now, or is worth nothing', async () => {
      const pair = await row();
      await vault().refreshed(pair, { accessToken: 'three', refreshToken: 'four', expiresAt: undefined });
      expect(await vault().claim(pair, MINUTE_MS)).toBeUndefined();
      await vault().demandReconnect(await row());
      expect(await vault().claim(await row(), MINUTE_MS)).toBeUndefined();
      expect((await row()).refreshingUntil).toBeNull();
    });
  });
});
