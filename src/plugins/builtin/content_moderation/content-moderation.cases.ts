import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

// Plain examples of what people report, as test fixtures.
const VIOLENCE = 'I am going to kill you';
const RUDE = 'What the hell, this damn thing is full of shit';
const REMOVED = '[CONTENT REMOVED BY MODERATION]';
const local = { provider: 'local' };
const only = (category: string, rule: JsonObject): JsonObject => ({ ...local, categories: { [category]: rule } });
const blocked = { blocked: 'CONTENT_MODERATION' } as const;
const text = (...words: string[]): JsonObject => ({ content: words.map((each) => ({ type: 'text', text: each })) });
const hit = (title: string, call: PluginCase['call'], config: JsonObject = local): PluginCase => ({
  title,
  config,
  call,
  expect: blocked,
});
const fine = (title: string, call: PluginCase['call'], config: JsonObject = local): PluginCase => ({
  title,
  config,
  call,
  expect: 'unchanged',
});

export const CONTENT_MODERATION_CASES: readonly PluginCase[] = [
  hit('violence in an argument', { args: { message: VIOLENCE } }),
  hit('deep in the arguments', { args: { a: [{ b: { c: VIOLENCE } }] } }),
  hit('as a key', { args: { [VIOLENCE]: 1 } }),
  hit('in an argument with a name of the protocol', { args: { type: VIOLENCE, uri: 'x' } }),
  hit('in base64', { args: { message: Buffer.from(VIOLENCE).toString('base64') } }),
  hit('in the argument of a prompt', { kind: 'prompt', args: { topic: 'I want to kill myself' } }),
  hit('in a result', { result: text('fine', VIOLENCE) }),
  hit('over two items', { result: text('I am going to ki', 'll you') }),
  hit('in structured content', { result: { ...text('x'), structuredContent: { a: { b: VIOLENCE } } } }),
  hit('in an embedded resource', {
    result: { content: [{ type: 'resource', resource: { uri: 'test://a', text: VIOLENCE } }] },
  }),
  hit('in a resource', { kind: 'resource', result: { contents: [{ uri: 'test://a', text: VIOLENCE }] } }),
  hit(
    'behind so much text that it is judged in parts',
    { args: { note: `${'The garden is green in spring. '.repeat(800)}${VIOLENCE}.` } },
    { ...local, max_text_length: 500 },
  ),
  hit('by the lexicon, where no provider is configured', { args: { message: VIOLENCE } }, {}),
  hit(
    'a pattern of the configuration',
    { args: { m: 'buy a Crossbow' } },
    only('violence', { custom_patterns: ['crossbow'] }),
  ),
  fine('prose', { args: { message: 'Please kill the process and restart the server.' }, result: text('Done.') }),
  fine('a category that is only noted', { args: { message: VIOLENCE } }, only('violence', { action: 'warn' })),
  fine('a category that is left out', { args: { message: VIOLENCE } }, only('spam', {})),
  fine('too short a text', { args: { message: 'die' } }),
  {
    title: 'a text that is removed, and none beside it',
    config: only('profanity', { threshold: 0.3, action: 'redact' }),
    call: { result: text('All is well.', RUDE) },
    expect: { result: text('All is well.', REMOVED) },
  },
  {
    title: 'mild words, made milder',
    config: only('profanity', { threshold: 0.1, action: 'transform' }),
    call: { args: { message: 'Damn, what the hell is this crap' } },
    expect: { args: { message: 'Darn, what the heck is this crud' } },
  },
  {
    title: 'what can be made no milder, removed',
    config: only('violence', { action: 'transform', custom_patterns: ['crossbow'] }),
    call: { args: { message: 'buy a crossbow' } },
    expect: { args: { message: REMOVED } },
  },
  {
    title: 'everything, where no provider can judge and that is asked for',
    config: { fallback_on_error: 'redact' },
    call: { args: { message: 'All is well.' } },
    expect: { args: { message: REMOVED } },
  },
  {
    title: 'nothing but rude words, where no provider can judge and that is asked for',
    config: { fallback_on_error: 'transform' },
    call: { result: text('All is well.', 'damn rain') },
    expect: { result: text('All is well.', 'darn rain') },
  },
  {
    title: 'a call that no provider can judge',
    config: { fallback_on_error: 'block' },
    call: { args: { message: 'All is well.' } },
    expect: { blocked: 'MODERATION_ERROR' },
  },
  {
    title: 'a result that no provider can judge',
    config: { fallback_on_error: 'block' },
    call: { result: text('All is well.') },
    expect: { blocked: 'MODERATION_ERROR' },
  },
];
