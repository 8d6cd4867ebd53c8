import { describe, expect, it } from 'vitest';
import type { Change } from './change-bus.js';
import { Outbox } from './outbox.js';

const revoked = (jti: string): Change => ({ kind: 'token_revoked', jti });

describe(Outbox.name, () => {
  it('keeps what could not be sent, and sends it in order when it can', async () => {
    let away = true;
    const sent: (readonly Change[])[] = [];
    const outbox = new Outbox(async (changes) => {
      if (away) throw new Error('away');
      sent.push(changes);
    });
    outbox.add(revoked('1'));
    outbox.add(revoked('2'));
    expect(await outbox.flush()).toBe(false);
    expect(outbox.size).toBe(2);
    away = false;
    expect(await outbox.flush()).toBe(true);
    expect(sent).toEqual([[revoked('1'), revoked('2')]]);
    expect(outbox.size).toBe(0);
  });

  it('sends what is added while it sends', async () => {
    const sent: Change[] = [];
    const outbox: Outbox = new Outbox(async (changes) => {
      if (sent.push(...changes) === 1) outbox.add(revoked('late'));
    });
    outbox.add(revoked('early'));
    expect(await outbox.flush()).toBe(true);
    expect(sent).toEqual([revoked('early'), revoked('late')]);
  });

  it('sends many in messages of a bounded size', async () => {
    const sizes: number[] = [];
    const outbox = new Outbox(async (changes) => sizes.push(changes.length));
    for (let count = 0; count < 250; count += 1) outbox.add(revoked(String(count)));
    await outbox.flush();
    expect(sizes).toEqual([100, 100, 50]);
  });

  it('says that anything changed when too much waits', async () => {
    const sent: Change[] = [];
    const outbox = new Outbox(async (changes) => sent.push(...changes));
    for (let count = 0; count < 1001; count += 1) outbox.add(revoked(String(count)));
    expect(outbox.size).toBe(2);
    await outbox.flush();
    expect(sent).toEqual([{ kind: 'anything_changed' }, revoked('1000')]);
  });
});
