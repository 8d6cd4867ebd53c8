import { describe, expect, it } from 'vitest';
import type { Flag } from './integrity-keeper.js';
import { nameSkeleton } from './name-skeleton.js';
import { IntegrityKeeper, type OnFlagged } from './integrity-keeper.js';
import { ToolJudge } from './tool-judge.js';

class Keeper extends IntegrityKeeper {
  readonly hooks = {};

  constructor(
    readonly trustOnFirstUse: boolean,
    readonly onFlagged: OnFlagged,
  ) {
    super();
  }

  flagsOf({ description }: { readonly description?: unknown }): readonly Flag[] {
    return description === 'odd' ? [{ rule: 'odd', field: 'description', text: 'is odd' }] : [];
  }
}

const [TRUSTING, STRICT] = [new Keeper(true, 'report'), new Keeper(false, 'report')];
const [WAITING, BLOCKING] = [new Keeper(true, 'pending'), new Keeper(true, 'block')];

describe(ToolJudge.name, () => {
  it.each([
    [[TRUSTING], 'fine', 'approved'],
    [[TRUSTING], 'odd', 'approved'],
    [[STRICT], 'fine', 'pending'],
    [[WAITING], 'fine', 'approved'],
    [[WAITING], 'odd', 'pending'],
    [[BLOCKING], 'odd', 'blocked'],
    [[TRUSTING, WAITING, BLOCKING], 'odd', 'blocked'],
    [[TRUSTING, STRICT], 'fine', 'pending'],
  ])('has the word of the strictest: case %#', (keepers, description, first) => {
    expect(new ToolJudge(keepers, []).verdict('tool', { description }).first).toBe(first);
  });

  it('flags once what several find', () => {
    expect(new ToolJudge([WAITING, BLOCKING], []).verdict('tool', { description: 'odd' }).flags).toHaveLength(1);
  });

  it('flags names that can be taken for others, and not those that are the same', () => {
    const judge = new ToolJudge([WAITING], ['read_file', 'write_file']);
    expect(judge.verdict('read_fi1e', {})).toEqual({
      first: 'pending',
      flags: [{ rule: 'confusable_name', field: 'name', text: 'can be taken for read_file, the name of another tool' }],
    });
    expect(judge.verdict('read_file', {}).flags).toEqual([]);
    expect(judge.verdict('delete_file', {}).flags).toEqual([]);
  });
});

describe(nameSkeleton.name, () => {
  it.each([
    ['read_file', 'read_fi1e'],
    ['list', 'Iist'],
    ['item', 'Item'],
    ['turn', 'tum'],
    ['get-user.name', 'get_user/name'],
    ['Tool', 'T00L'],
    ['window', 'vvindow'],
  ])('is one for %s and %s', (one, other) => expect(nameSkeleton(one)).toBe(nameSkeleton(other)));

  it.each([
    ['list_files', 'listFiles'],
    ['get_user', 'get_users'],
    ['read', 'reed'],
  ])('tells %s from %s', (one, other) => expect(nameSkeleton(one)).not.toBe(nameSkeleton(other)));
});
