import { describe, expect, it } from 'vitest';
import { KeyRing } from './key-ring.js';
import { SealError, type SealReason } from './seal-error.js';
import { Sealer } from './sealer.js';

const context = ['gateways', '42', 'auth_value'];
const older = KeyRing.fromSecret('the older secret', 'vault');
const newer = KeyRing.fromSecret('the newer secret', 'vault');
const sealer = new Sealer(older);

function reasonOf(attempt: () => unknown): SealReason | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(SealError);
    expect((error as SealError).message).toBe('The sealed value cannot be opened');
    return (error as SealError).reason;
  }
}

const reasonFor = (sealed: string, where: readonly string[] = context) => reasonOf(() => sealer.open(sealed, where));

describe(Sealer.name, () => {
  it.each([[''], ['a token'], ['ünïcödé \u{1f512}'], ['x'.repeat(100_000)]])('opens what it sealed', (text) => {
    const sealed = sealer.seal(text, context);
    expect(sealed).toMatch(/^pc1\.[0-9a-f]{8}\.[A-Za-z0-9_-]+$/);
    expect(sealer.open(sealed, context).toString()).toBe(text);
  });

  it('opens bytes as they were', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(sealer.open(sealer.seal(bytes, context), context).equals(bytes)).toBe(true);
  });

  it('never repeats a nonce in 100,000 values', () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 100_000; i++) nonces.add(sealer.seal('', context).slice(13, 29));
    expect(nonces.size).toBe(100_000);
  });

  it('refuses a value with any one bit flipped', () => {
    const [version, id, text] = sealer.seal('a secret value', context).split('.');
    const bytes = Buffer.from(text!, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(reasonFor([version, id, flipped.toString('base64url')].join('.'))).toBe('not_authentic');
    }
  });

  it('refuses a value with any one character replaced', () => {
    const sealed = sealer.seal('v', context);
    for (let at = 0; at < sealed.length; at++) {
      for (const character of 'A0-_.= +/z\n') {
        if (sealed[at] === character) continue;
        expect(reasonFor(sealed.slice(0, at) + character + sealed.slice(at + 1))).toBeDefined();
      }
    }
  });

  it('refuses a value cut at either end, or lengthened', () => {
    const sealed = sealer.seal('v', context);
    for (let cut = 1; cut <= sealed.length; cut++) {
      expect(reasonFor(sealed.slice(cut))).toBeDefined();
      expect(reasonFor(sealed.slice(0, -cut))).toBeDefined();
    }
    for (const more of ['A', 'AAAA', '=', '.', '\n', ' ']) expect(reasonFor(sealed + more)).toBeDefined();
  });

  it.each([
    ['another row', ['gateways', '43', 'auth_value']],
    ['another column', ['gateways', '42', 'oauth_config']],
    ['another table', ['tools', '42', 'auth_value']],
    ['parts that join to the same text', ['gateways4', '2', 'auth_value']],
    ['parts in another order', ['42', 'gateways', 'auth_value']],
    ['a part less', ['gateways', '42']],
    ['a part more', [...context, '']],
  ])('refuses a value moved to %s', (_, where) => {
    expect(reasonFor(sealer.seal('v', context), where)).toBe('not_authentic');
  });

  it.each([
    ['nothing', ''],
    ['clear text', 'Bearer abc'],
    ['no key id', 'pc1.AAAA'],
    ['another version', sealer.seal('v', context).replace('pc1', 'pc2')],
    ['too few bytes', `pc1.${older.currentId}.${Buffer.alloc(27).toString('base64url')}`],
    ['padding', `pc1.${older.currentId}.${Buffer.alloc(29).toString('base64')}`],
    ['spare bits set', `pc1.${older.currentId}.${'A'.repeat(38)}B`],
    ['an upper-case key id', sealer.seal('v', context).replace(older.currentId, 'ABCDEF01')],
  ])('calls %s malformed', (_, sealed) => {
    expect(reasonFor(sealed)).toBe('malformed');
  });

  it('names a key that it does not hold', () => {
    expect(reasonFor(new Sealer(newer).seal('v', context))).toBe('unknown_key');
  });

  it('does not open a value under the id of another held key', () => {
    const both = new Sealer(KeyRing.of(newer, older));
    const forged = sealer.seal('v', context).replace(older.currentId, newer.currentId);
    expect(reasonOf(() => both.open(forged, context))).toBe('not_authentic');
  });

  it('reads with the older key and writes with the newer one', () => {
    const both = new Sealer(KeyRing.of(newer, older));
    const before = sealer.seal('v', context);
    expect(both.isCurrent(before)).toBe(false);
    const after = both.seal(both.open(before, context), context);
    expect(both.isCurrent(after)).toBe(true);
    expect(new Sealer(newer).open(after, context).toString()).toBe('v');
  });

  it('keeps secrets out of the error', () => {
    try {
      sealer.open(new Sealer(newer).seal('v', context), context);
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.toContain(newer.currentId);
    }
    expect.assertions(1);
  });
});
