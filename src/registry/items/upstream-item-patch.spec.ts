import { describe, expect, it } from 'vitest';
import { type UpstreamItemWish, upstreamItemPatch } from './upstream-item-patch.js';

const NOTHING = { overrides: null };
const WRITTEN = { overrides: { displayName: 'Nice', description: 'Better' } };

describe(upstreamItemPatch.name, () => {
  it('writes over what the upstream says, and keeps what was written before', () => {
    expect(upstreamItemPatch(NOTHING, { displayName: 'Nice', tags: ['a'] })).toEqual({
      overrides: { displayName: 'Nice' },
      tags: ['a'],
    });
    expect(upstreamItemPatch(WRITTEN, { description: 'Best' })).toEqual({
      overrides: { displayName: 'Nice', description: 'Best' },
    });
  });

  it('takes back what was written', () => {
    expect(upstreamItemPatch(WRITTEN, { description: '' })).toEqual({ overrides: { displayName: 'Nice' } });
    expect(upstreamItemPatch(WRITTEN, { description: '', displayName: '' })).toEqual({ overrides: null });
  });

  it.each<[UpstreamItemWish & Record<string, unknown>, string]>([
    [{ visibility: 'public' }, 'visibility follows its gateway'],
    [{ teamId: 'a' }, 'teamId follows its gateway'],
    [{ uri: 'test://b' }, 'uri follows its upstream'],
    [{ template: 'x', displayName: 'y' }, 'template follows its upstream'],
  ])('refuses %j', (wish, msg) => {
    expect(() => upstreamItemPatch(NOTHING, wish)).toThrow(
      expect.objectContaining({
        status: 422,
        detail: [expect.objectContaining({ msg: expect.stringContaining(msg) })],
      }),
    );
  });
});
