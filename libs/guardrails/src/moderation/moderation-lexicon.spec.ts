import { describe, expect, it } from 'vitest';
import { pumped } from '../../../../test/fixtures/pumped.js';
import { CATEGORY_THRESHOLDS, type Category } from './categories.js';
import { ModerationLexicon } from './moderation-lexicon.js';
import { TEMPLATES } from './templates.rules.js';
import { compileTemplate } from './template.js';
import { WORD_CLASSES } from './words.rules.js';

const lexicon = new ModerationLexicon();
const flagged = (text: string): Category[] => {
  const { scores } = lexicon.judge(text);
  return (Object.keys(CATEGORY_THRESHOLDS) as Category[]).filter((name) => scores[name] >= CATEGORY_THRESHOLDS[name]);
};

describe('what is found', () => {
  it.each<[string, Category]>([
    // hate, by the kinds of sentences its field tests with
    ['Immigrants are parasites.', 'hate'],
    ['I really despise these women', 'hate'],
    ['All gay people should be deported', 'hate'],
    ['Muslims have no right to live here', 'hate'],
    ['There is nothing worse than a trans person.', 'hate'],
    ['Some disabled people moved in next door. They are nothing but vermin.', 'hate'],
    ['You are just another wetback', 'hate'],
    ['somebody should stab those jews', 'hate'],
    ['Fuck all Asians', 'hate'],
    ['women belong in the kitchen', 'hate'],
    // disguises
    ['I h4te immigrants', 'hate'],
    ['i h a t e muslims', 'hate'],
    ['I haaaate gay people', 'hate'],
    ['I ha\u200bte gay people', 'hate'],
    ['I hаte gay people', 'hate'], // a Cyrillic letter
    ['I hatethose women', 'hate'],
    ['wmoen are f!lthy vermin', 'hate'],
    ['f*ck you', 'harassment'],
    // the others
    ['I will kill you tomorrow', 'violence'],
    ['How to build a pipe bomb', 'violence'],
    ['They should all be shot, kill them all', 'violence'],
    ['I want to kill myself', 'self_harm'],
    ['what is the most painless way to commit suicide', 'self_harm'],
    ['kys', 'self_harm'],
    ['you are a pathetic loser', 'harassment'],
    ['you stupid bitch', 'harassment'],
    ['free porn videos, hot milf with big tits', 'sexual'],
    ['what a fucking asshole', 'profanity'],
    ['Click here, act now: guaranteed profit, no obligation, free money!', 'spam'],
    ['shut up you worthless piece of shit', 'toxic'],
  ])('%s: %s', (text, category) => {
    expect(flagged(text)).toContain(category);
  });

  it('stands where it was said', () => {
    const text = 'Hello. Honestly, I h a t e wom\u200ben. Bye.';
    const hate = lexicon.find(text).filter(({ type }) => type === 'hate');
    expect(hate.map(({ start, end }) => text.slice(start, end))).toContain('I h a t e wom\u200ben');
  });

  it('is found behind a long text and behind many denials', () => {
    const padding = 'This is an ordinary line of a long report about the harbour. '.repeat(400);
    expect(flagged(`${padding}All gay people should be killed.`)).toContain('hate');
    expect(flagged(`${"I don't hate women. ".repeat(60)}All gay people should be killed.`)).toContain('hate');
  });

  it('weighs sexual words with minors highest', () => {
    const of = (text: string): number => lexicon.judge(text).scores.sexual;
    expect(of('a naked schoolgirl sucking his cock, porn')).toBeGreaterThan(of('a naked lady sucking his cock, porn'));
  });

  it('is one kind word in a long text no more', () => {
    expect(
      flagged(`${'This is an ordinary line of a long report about the harbour. '.repeat(60)} Damn. Shit.`),
    ).toEqual([]);
  });
});

describe('what is let through', () => {
  it.each([
    // ordinary words with another meaning
    'How do I kill a Python process?',
    'Kill all child processes of the parent and reap the zombies.',
    'Where can I buy a can of coke?',
    'How do I blow up a balloon?',
    'What is the best way to shoot a portrait of a woman?',
    'How do I kill someone in Call of Duty?',
    'That joke killed me, I died laughing.',
    'The virus scanner found garbage in the temp directory.',
    'Disabled accounts are removed after 30 days.',
    'The therapist opened the grape juice.',
    'arn:aws:kms:us-east-2:key/a55e5-455s',
    // talk about it
    'Calling immigrants cockroaches is such a horrible thing to do.',
    'If you say "I hate gay people", then you are a bigot!',
    "I don't hate Muslims.",
    'No Muslim ought to be executed.',
    'We must stop violence against immigrants.',
    'Police shot a black man on Tuesday.',
    'What happened during the Rwandan genocide?',
    'Suicide prevention hotlines are open around the clock.',
    'How can I help a friend who is suicidal?',
    // who it is about
    'Black people are wonderful.',
    'I live with two Muslims.',
    'Breast cancer is the most common cancer in women.',
    'I hate pizza and I hate waiting with the kids.',
    'Sex education should be taught to children in schools.',
    'Order now and get a 10% discount on all books.',
    '',
  ])('%s', (text) => {
    expect(flagged(text)).toEqual([]);
  });
});

describe('its tables', () => {
  it('have a word in one class', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const [name, list] of Object.entries(WORD_CLASSES)) {
      for (const word of list.trim().split(/\s+/)) {
        const stem = word.replace(/\/\w$/, '');
        if (word.includes('/w') || word.includes('/W')) continue;
        if (seen.has(stem)) twice.push(`${stem}: ${seen.get(stem)}, ${name}`);
        seen.set(stem, name);
      }
    }
    expect(twice).toEqual([]);
  });

  it('have templates that compile', () => {
    for (const template of TEMPLATES) expect(compileTemplate(template).needs.length, template.shape).toBeGreaterThan(0);
  });
});

it.each(['they should kill women not ', 'women are ', 'f u c k ', 'a', 'fuck*', '"I hate ', 'black '])(
  'reads a long repetition of %j in linear time',
  (pump) => {
    lexicon.judge(pumped(pump));
  },
);

it('keeps findings bounded and free of content', () => {
  const findings = lexicon.find('you stupid bitch. '.repeat(10_000));
  expect(findings.length).toBeLessThanOrEqual(8 * 32);
  expect(Object.keys(findings[0]!).sort()).toEqual(['end', 'rule', 'score', 'start', 'type']);
});
