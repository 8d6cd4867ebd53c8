import type { Category } from './categories.js';
import type { WordClass } from './words.rules.js';

/**
 * Sentences that do harm, as templates over classes of words. A name is a class, `a|b` one of several, `x?` may be
 * missing, `~n` up to n words of any kind in the same sentence, `~~n` also across sentences, `^` a sentence's beginning.
 * Names in capitals are {@link SHORTHANDS}; `WHO` is a
 * group of people, or a trait and whose it is: `disabled people`, `black lives`.
 */
export interface Template {
  readonly rule: string;
  readonly category: Category;
  /** What one match is worth, 0 to 1, before the company it stands in is looked at. */
  readonly score: number;
  readonly shape: string;
  /** A negation belongs to the template and does not turn it round. */
  readonly negated?: boolean;
}

export const SHORTHANDS: Readonly<Record<string, readonly WordClass[]>> = {
  BAD: ['vermin', 'vile', 'mild', 'insult', 'label', 'labels', 'slur', 'worst', 'trashy'],
  ABUSE: ['vermin', 'vile', 'insult', 'label', 'labels', 'slur', 'worst', 'trashy'],
  SLUR: ['slur', 'label', 'labels'],
  BODY: ['people', 'they', 'you', 'group'],
  WISH: ['should', 'will', 'deserve'],
  SHALL: ['should', 'will'],
  KILL: ['kill', 'killing'],
  VIOLENCE: ['kill', 'killing', 'harm', 'die'],
};

const of =
  (category: Category) =>
  (rule: string, score: number, ...shapes: string[]): Template[] =>
    shapes.map((shape) => ({ rule, category, score, shape }));
const hate = of('hate');
const violence = of('violence');
const selfHarm = of('self_harm');
const harassment = of('harassment');
const negated = (templates: Template[]): Template[] => templates.map((template) => ({ ...template, negated: true }));

export const TEMPLATES: readonly Template[] = [
  ...hate(
    'derogation',
    0.85,
    'WHO ~4 be ~4 BAD',
    'BAD ~1 like ~1 WHO',
    'be ~2 ABUSE ~3 WHO',

    'ABUSE ~2 be ~2 WHO',
    'WHO like ~2 BAD',
    'WHO ~4 be ~2 plague',
    'WHO ~2 they ~2 be ~2 plague',
  ),
  ...hate(
    'derogation',
    0.75,
    'vile|vermin|insult|slur|labels|label WHO',
    'WHO ~2 vermin|vile|insult|labels',
    'trait ~1 vermin|insult',
  ),
  ...hate('derogation', 0.72, 'mild group', 'creed ~2 be ~3 vile|plague|vermin|mild'),
  ...hate('submission', 0.8, 'WHO ~3 be|should ~3 lowly'),
  ...hate(
    'hatred',
    0.88,
    'me ~5 hate ~5 WHO',
    'hate me ~4 WHO',
    '^ ~2 hate ~4 WHO',
    '^ hate ~7 WHO',
    'WHO ~8 sickens',
    'me ~2 vile ~3 WHO',
    '^ vile ~4 WHO',
    'me ~4 vile ~2 like ~1 WHO',
    'WHO ~~16 hate ~1 they',
  ),
  ...hate('hatred', 0.6, 'hate ~3 WHO', 'sickens ~3 WHO'),
  ...hate(
    'threat',
    0.9,
    'WISH|me ~4 KILL|rid ~4 WHO',
    'WHO ~4 should ~4 KILL|expel|die|harm',
    'WHO ~3 deserve ~3 VIOLENCE',
    '^ ~1 kill ~3 WHO',
    'KILL ~3 WHO ~4 SHALL',
    'WHO will die',
    'die ~1 like ~1 WHO',
    '^ die ~1 WHO',
    'WISH ~5 WHO ~3 VIOLENCE',
    'me|should|will ~3 harm ~4 WHO',
    'KILL like WHO',
    '^ KILL be ~5 WHO',
  ),
  ...hate('threat', 0.5, 'KILL ~2 WHO', 'KILL|harm ~2 trait', 'rid ~4 WHO'),
  ...hate(
    'exclusion',
    0.8,
    'should|^ ~2 expel ~3 WHO',
    'WHO should expel',
    '^ WHO like? expel',
    'should|be ~1 rid ~4 WHO',
  ),
  ...hate('exclusion', 0.45, 'expel ~3 WHO', 'WHO ~4 expel'),
  ...negated(
    hate(
      'worthlessness',
      0.85,
      'WHO ~4 not ~4 worth',
      'not ~4 WHO ~4 worth',
      'not worth ~3 WHO',
      'not ~1 room ~7 WHO',
      'WHO ~3 not ~1 room',
      'you|they ~1 life not worth ~~8 WHO',
    ),
  ),
  ...hate('comparison', 0.82, 'worst ~9 than ~5 WHO', 'worst ~3 WHO', 'WHO ~5 worst'),
  ...negated(
    hate(
      'nature',
      0.82,
      'WHO ~3 cannot_help ~8 BAD',
      'SLUR ~2 cannot_help',
      'be ~2 cannot_help ~3 WHO ~6 BAD',
      'WHO ~4 they not ~3 insult|vermin',
    ),
  ),
  ...hate('blame', 0.72, 'WHO ~5 ruin'),
  ...hate(
    'profanity',
    0.88,
    '^ ~1 swear ~3 WHO',
    'WHO ~3 SHALL ~3 taunt',
    'WHO ~3 SHALL ~3 swear',
    'ABUSE ~2 WHO ~1 be',
    'WHO ~1 swear|insult|slur',
    'you swear WHO',
  ),
  ...hate('profanity', 0.6, 'swear ~1 WHO'),
  ...hate(
    'across',
    0.8,
    'WHO ~~12 they|you ~3 be ~4 BAD',
    'WHO ~~12 they|you ~4 WISH ~3 KILL|expel|die|harm',
    'WHO ~~12 KILL|harm ~1 they',
    'WHO ~~12 they|you like|mere ~4 BAD',
    'WHO ~~12 they ~2 be ~3 plague',
    'WHO ~~12 should ~2 rid ~1 they',
    'WHO ~~12 make they VIOLENCE',
    'they ~3 be ~4 BAD . ~2 they ~2 be ~2 WHO',
    'vile|vermin|insult|trashy ~3 . ~6 WHO',
    'they ~3 be ~4 BAD ~4 they ~2 be ~2 WHO',
    'WHO ~~12 you|they ~1 deserve ~2 VIOLENCE',
    'WHO ~~12 worst ~2 they',
    'WHO ~~10 sickens',
  ),
  ...hate('slur', 0.76, 'slur', 'doctrine'),
  ...hate(
    'slur',
    0.82,
    'mere ~1 label|labels|slur',
    'you ~2 be ~3 label|labels',
    'you ~1 mere ~3 label|labels',
    'label|slur like you',
    '^ labels',
    'slur|labels ~3 be ~4 BAD',
    'vile|vermin|insult|swear ~1 slur|labels',
    'KILL ~2 slur|labels',
  ),
  ...hate('slur', 0.5, 'labels'),

  ...violence(
    'threat',
    0.85,
    'me ~1 SHALL ~3 kill ~2 BODY',
    'me SHALL ~2 harm ~1 you|they',
    '^ kill ~1 they|people|group',
    'BODY ~2 should ~2 be ~1 KILL',
    'you|they ~1 should ~1 die',
    'you will die',
    'BODY ~3 deserve ~2 KILL|die',
    'should ~2 kill ~2 they|group|people',
    'deserve ~2 die',
  ),
  ...violence('threat', 0.45, 'me KILL ~2 BODY', 'KILL ~1 BODY'),
  ...violence('assault', 0.82, 'assault'),
  ...violence(
    'instructions',
    0.88,
    'how ~5 make ~3 weapon',
    'how ~1 kill ~2 people|group|they',
    'how ~2 me|you|will ~2 kill ~2 people|group|they',
  ),
  ...violence('instructions', 0.5, 'make ~2 weapon'),
  ...violence('gore', 0.25, 'gore'),

  ...selfHarm('intent', 0.75, 'despair'),
  ...selfHarm('topic', 0.6, 'me ~4 selfharm', 'selfharm ~4 me'),
  ...selfHarm('topic', 0.4, 'selfharm'),
  ...selfHarm('instructions', 0.85, 'how ~6 selfharm|despair', 'selfharm ~2 how'),
  ...selfHarm('incitement', 0.75, 'urge_death'),

  ...harassment(
    'insult',
    0.8,
    'you ~2 be ~4 insult|vile|slur|label|labels|vermin',
    'you insult|slur|label|vermin',
    'vile you',
    'swear you',
    'you ~1 vile|swear? insult|label|labels',
    '^ swear you',
    'swear|cuss|vile ~1 insult|label|slur',
    'taunt',
  ),
  ...harassment('insult', 0.5, 'BODY ~2 be ~3 insult|vile|label', 'slur|labels'),
  ...harassment('insult', 0.35, 'insult'),
  ...harassment('incitement', 0.9, 'urge_death'),
  ...harassment('threat', 0.75, 'me ~1 SHALL ~2 kill|harm ~1 you'),
];
