import { describe, expect, it } from 'vitest';
import { Peers, SILENCE_MS } from './peers.js';

describe(Peers.name, () => {
  it('misses one that falls silent, until it is heard again', () => {
    const peers = new Peers();
    peers.heard('a', 0);
    peers.heard('b', 0);
    expect(peers.silent(SILENCE_MS)).toBe(false);
    peers.heard('b', SILENCE_MS);
    expect(peers.silent(SILENCE_MS + 1)).toBe(true);
    peers.heard('a', SILENCE_MS + 2);
    expect(peers.silent(SILENCE_MS + 2)).toBe(false);
  });

  it('does not miss one that said good-bye', () => {
    const peers = new Peers();
    peers.heard('a', 0);
    peers.left('a');
    expect(peers.silent(60_000)).toBe(false);
    expect(peers.bury(60_000)).toBe(false);
  });

  it('takes one for dead after half a minute, and says so once', () => {
    const peers = new Peers();
    peers.heard('a', 0);
    expect(peers.bury(30_000)).toBe(false);
    expect(peers.silent(30_000)).toBe(true);
    expect(peers.bury(30_001)).toBe(true);
    expect(peers.bury(30_002)).toBe(false);
    expect(peers.silent(30_002)).toBe(false);
  });

  it('starts anew after it could hear nobody', () => {
    const peers = new Peers();
    peers.heard('a', 0);
    peers.forget();
    expect(peers.silent(10_000)).toBe(false);
  });
});
