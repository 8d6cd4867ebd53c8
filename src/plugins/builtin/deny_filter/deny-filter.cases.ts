import type { PluginCase } from '../../plugin-case.js';

const config = { words: ['forbidden', 'verboten'] };
const prompt = (text: string) => ({ kind: 'prompt', args: { topic: text } }) as const;
const blocked = { blocked: 'deny' };

export const DENY_FILTER_CASES: readonly PluginCase[] = [
  { title: 'a word', config, call: prompt('this is forbidden here'), expect: blocked },
  { title: 'in another case', config, call: prompt('FORBIDDEN'), expect: blocked },
  { title: 'in full-width letters', config, call: prompt('ｆｏｒｂｉｄｄｅｎ'), expect: blocked },
  { title: 'split by an invisible character', config, call: prompt('for\u200Bbidden'), expect: blocked },
  {
    title: 'in base64',
    config,
    call: prompt(Buffer.from('it is forbidden to say').toString('base64')),
    expect: blocked,
  },
  { title: 'another word', config, call: prompt('nothing of the kind'), expect: 'unchanged' },
  {
    title: 'deep in the arguments of a tool',
    config,
    call: { args: { a: [{ b: { c: 'so verboten' } }] } },
    expect: blocked,
  },
  { title: 'as a key', config, call: { args: { forbidden: 1 } }, expect: blocked },
  {
    title: 'a word with signs that patterns are made of',
    config: { words: ['top-secret', 'C++', 'a.b|c', '[x]/{y}^$?*(\\)'] },
    call: prompt('so top-secret'),
    expect: blocked,
  },
  {
    title: 'what only a pattern of the word would match',
    config: { words: ['top.secret', 'a|b', 'C++'] },
    call: prompt('top secret, a, CC'),
    expect: 'unchanged',
  },
  {
    title: 'a part of a longer word, where whole words count',
    config: { ...config, whole_words: true },
    call: prompt('unforbiddenly'),
    expect: 'unchanged',
  },
];
