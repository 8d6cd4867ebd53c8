import { describe, expect, it } from 'vitest';
import { scopesFor, type ScopeSources } from './scopes-for.js';

const NOTHING: ScopeSources = {
  challenge: undefined,
  configured: undefined,
  known: undefined,
  before: '',
  offered: undefined,
};

describe(scopesFor.name, () => {
  it.each<[string, Partial<ScopeSources>, string[] | undefined]>([
    ['nothing where nobody says anything', {}, undefined],
    ['the challenge before all', { challenge: 'a', configured: ['b'], known: ['c'] }, ['a']],
    ['the operator before the upstream', { configured: ['b'], known: ['c'] }, ['b']],
    ['what the upstream knows', { known: ['c'] }, ['c']],
    ['nothing of an empty challenge', { challenge: '', known: ['c'] }, undefined],
    ['the old with the new, each once', { challenge: 'a b', before: 'b c' }, ['b', 'c', 'a']],
    ['offline_access where it is offered', { known: ['c'], offered: ['offline_access'] }, ['c', 'offline_access']],
    ['no offline_access elsewhere', { known: ['c'], offered: ['openid'] }, ['c']],
  ])('asks for %s', (_, sources, expected) => {
    expect(scopesFor({ ...NOTHING, ...sources })).toEqual(expected);
  });
});
