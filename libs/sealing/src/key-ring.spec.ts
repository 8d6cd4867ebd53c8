import { describe, expect, it } from 'vitest';
import { KeyRing } from './key-ring.js';

describe(KeyRing.name, () => {
  it('derives the same key and id from the same secret and purpose', () => {
    const [one, two] = [KeyRing.fromSecret('a secret', 'vault'), KeyRing.fromSecret(Buffer.from('a secret'), 'vault')];
    expect(one.currentId).toBe(two.currentId);
    expect(one.find(one.currentId)?.equals(two.find(two.currentId)!)).toBe(true);
  });

  it('gives an AES-256 key under an id of eight hex digits', () => {
    const ring = KeyRing.fromSecret('a secret', 'vault');
    expect(ring.currentId).toMatch(/^[0-9a-f]{8}$/);
    expect(ring.find(ring.currentId)?.symmetricKeySize).toBe(32);
  });

  it.each([
    ['another secret', KeyRing.fromSecret('another secret', 'vault')],
    ['another purpose', KeyRing.fromSecret('a secret', 'sessions')],
  ])('gives another id and key for %s', (_, other) => {
    const ring = KeyRing.fromSecret('a secret', 'vault');
    expect(other.currentId).not.toBe(ring.currentId);
    expect(other.find(other.currentId)?.equals(ring.find(ring.currentId)!)).toBe(false);
    expect(ring.find(other.currentId)).toBeUndefined();
  });

  it('keeps the id stable across versions of the program', () => {
    expect(KeyRing.fromSecret('a secret', 'vault').currentId).toBe('657cb2ac');
  });

  it('joins rings: the first is current, all of them are found', () => {
    const [now, before, longBefore] = ['c', 'b', 'a'].map((secret) => KeyRing.fromSecret(secret, 'vault'));
    const ring = KeyRing.of(now!, KeyRing.of(before!, longBefore!));
    expect(ring.currentId).toBe(now!.currentId);
    expect([now!, before!, longBefore!].every(({ currentId }) => ring.find(currentId) !== undefined)).toBe(true);
  });

  it('takes the same secret twice as one key', () => {
    const ring = KeyRing.fromSecret('a secret', 'vault');
    expect(KeyRing.of(ring, ring).currentId).toBe(ring.currentId);
  });

  it('refuses an empty secret', () => {
    expect(() => KeyRing.fromSecret('', 'vault')).toThrow(RangeError);
  });
});
