import { describe, expect, it } from 'vitest';
import { KeyRing } from './key-ring.js';
import { SealedHandles } from './sealed-handles.js';

interface Session {
  readonly server: string;
  readonly capabilities: readonly string[];
}

const session: Session = { server: 'görlitz', capabilities: ['roots'] };
const alice = ['issuer', 'alice'];
const now = new Date('2026-01-01T00:00:00.000Z');
const later = new Date(now.getTime() + 60_000);
const keys = KeyRing.fromSecret('a secret', 'sessions');
const handles = new SealedHandles<Session>(keys);

describe(SealedHandles.name, () => {
  it('reads what it minted', () => {
    expect(handles.read(handles.mint(session, alice, later), alice, now)).toEqual(session);
  });

  it('mints visible ASCII, never the same twice', () => {
    const [one, two] = [handles.mint(session, alice, later), handles.mint(session, alice, later)];
    expect(one).toMatch(/^[\x21-\x7e]+$/);
    expect(one).not.toBe(two);
  });

  it.each([
    ['for another audience', ['issuer', 'bob']],
    ['for an audience that joins to the same text', ['issueralice']],
    ['for no audience', []],
  ])('does not read a handle %s', (_, audience) => {
    expect(handles.read(handles.mint(session, alice, later), audience, now)).toBeUndefined();
  });

  it('expires at the millisecond', () => {
    const handle = handles.mint(session, alice, later);
    expect(handles.read(handle, alice, new Date(later.getTime() - 1))).toEqual(session);
    expect(handles.read(handle, alice, later)).toBeUndefined();
    expect(handles.read(handle, alice, new Date(Number.NaN))).toBeUndefined();
  });

  it('does not read broken or foreign handles', () => {
    const foreign = new SealedHandles<Session>(KeyRing.fromSecret('a secret', 'cursors')).mint(session, alice, later);
    for (const handle of ['', 'x', foreign, `${foreign}A`, 'A'.repeat(100_000)]) {
      expect(handles.read(handle, alice, now)).toBeUndefined();
    }
  });

  it('reads handles of a previous key', () => {
    const rotated = new SealedHandles<Session>(KeyRing.of(KeyRing.fromSecret('a newer secret', 'sessions'), keys));
    expect(rotated.read(handles.mint(session, alice, later), alice, now)).toEqual(session);
  });

  it('refuses to mint without a valid expiry, or more than a header holds', () => {
    expect(() => handles.mint(session, alice, new Date(Number.NaN))).toThrow(RangeError);
    expect(() => handles.mint({ ...session, server: 'x'.repeat(8_000) }, alice, later)).toThrow(RangeError);
  });
});
