import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import type { Change } from '../../changes/change-bus.js';
import { TokenRevocation } from './token-revocation.entity.js';
import { TokenRevocations } from './token-revocations.js';

describe(TokenRevocations.name, () => {
  let identity: Identity;
  let changes: Change[];
  beforeEach(async () => {
    identity = await Identity.open();
    changes = [];
    identity.bus.subscribe((change) => changes.push(change));
  });
  afterEach(() => identity.close());

  const revoke = (jti: string, reason: string | null = null): Promise<void> =>
    identity.revocations.revoke({ jti, revokedBy: 'ann@example.com', reason, tokenExpiry: new Date(5) });

  it('knows what was revoked, by its exact id', async () => {
    await revoke('j-1');
    const ids = ['j-1', 'J-1', 'j-1 ', 'j', ''];
    expect(await Promise.all(ids.map((jti) => identity.revocations.isRevoked(jti)))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('tells every cache before it returns, also the second time', async () => {
    await revoke('j-1', 'lost');
    await revoke('j-1', 'again');
    expect(changes).toEqual(Array.from({ length: 2 }, () => ({ kind: 'token_revoked', jti: 'j-1' })));
    const rows = await identity.database.getRepository(TokenRevocation).find();
    expect(rows).toMatchObject([
      { jti: 'j-1', reason: 'lost', revokedBy: 'ann@example.com', tokenExpiry: new Date(5) },
    ]);
  });

  it('bears with many at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => revoke('j-1')));
    expect(await identity.revocations.isRevoked('j-1')).toBe(true);
  });

  it('tells nobody what it could not store', async () => {
    await identity.database.query('DROP TABLE token_revocations');
    await expect(revoke('j-1')).rejects.toThrow(Error);
    expect(changes).toEqual([]);
  });
});
