import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

// Plain examples of what people report, as test fixtures.
const SELF_HARM = 'I want to kill myself';
const VIOLENCE = 'I am going to kill you';
const blocked = { blocked: 'HARMFUL_CONTENT' } as const;
const text = (words: string): JsonObject => ({ content: [{ type: 'text', text: words }] });
const hit = (title: string, result: JsonObject, config: JsonObject = {}): PluginCase => ({
  title,
  config,
  call: { result },
  expect: blocked,
});
const fine = (title: string, words: string, config: JsonObject = {}): PluginCase => ({
  title,
  config,
  call: { result: text(words) },
  expect: 'unchanged',
});
const masking = { block_on: ['violence'], redact: true };
const own = { categories: { weapons: [String.raw`\bcrossbows?\b`] }, block_on: ['weapons'] };

export const HARMFUL_CONTENT_DETECTOR_CASES: readonly PluginCase[] = [
  hit('harm to oneself', text(SELF_HARM)),
  hit('violence', text(VIOLENCE)),
  hit('hate', text('all muslims are vermin')),
  hit('split by an invisible character', text('I want to ki\u200Bll myself')),
  hit('in base64', text(Buffer.from(SELF_HARM).toString('base64'))),
  hit('in structured content', { ...text('x'), structuredContent: { a: [{ b: { c: VIOLENCE } }] } }),
  hit('as a key', { ...text('x'), structuredContent: { [VIOLENCE]: 1 } }),
  hit('in an embedded resource', {
    content: [{ type: 'resource', resource: { uri: 'test://a', text: SELF_HARM } }],
  }),
  {
    title: 'in the argument of a prompt',
    call: { kind: 'prompt', args: { topic: VIOLENCE } },
    expect: blocked,
  },
  { title: 'in a prompt', call: { kind: 'prompt', result: { messages: [message(VIOLENCE)] } }, expect: blocked },
  {
    title: 'in a resource',
    call: { kind: 'resource', result: { contents: [{ uri: 'test://a', text: SELF_HARM }] } },
    expect: blocked,
  },
  { title: 'in the argument of a tool', call: { args: { a: { b: SELF_HARM } } }, expect: blocked },
  fine('work on processes', 'kill the process and remove the children'),
  fine('an idiom', 'This deadline is killing me, but the demo was to die for.'),
  fine('rudeness, which is none of the categories', 'you are an idiot and this is shit'),
  fine('a category that is not refused', SELF_HARM, { block_on: ['violence'] }),
  {
    title: 'a category that is taken out',
    config: masking,
    call: { result: text(`Dear diary, ${SELF_HARM}.`) },
    expect: { result: text('Dear diary, I want to [REDACTED].') },
  },
  hit('a category that is refused beside one that is taken out', text(`${SELF_HARM}. ${VIOLENCE}.`), masking),
  hit('a category of the configuration', text('a Crossbow'), own),
  fine('nothing but categories of the configuration', VIOLENCE, own),
];

function message(words: string): JsonObject {
  return { role: 'user', content: { type: 'text', text: words } };
}
