import {
  type Detector,
  type Finding,
  type LocatedFinding,
  type Pattern,
  PII_TYPES,
  PiiDetector,
  SECRET_TYPES,
  SecretsDetector,
} from '#libs/guardrails';
import { configuredPattern } from '../../config/configured-pattern.js';
import type { DlpCustomClassDto } from './dlp.settings.js';

type Family = 'pii' | 'secret' | 'prompt' | 'custom';

/** What tells the classes of one family apart; the types of its findings are classes, `pii.email`. */
export interface FamilyDetector extends Detector {
  readonly family: Family;
}

const MASKED = /^\[REDACTED:[\w.-]{1,80}\]$/;
const LONGEST_MASK = 91;
/** The members of messages in which people and programs speak to models. */
const SPOKEN: ReadonlySet<unknown> = new Set(['text', 'content', 'systemPrompt', 'description', undefined]);

export const maskOf = ({ type }: Finding): string => `[REDACTED:${type}]`;

export const familyOf = (dataClass: string): string => dataClass.split('.', 1)[0] ?? '';

/** Whether there is such a class, or family of classes. */
export function isDataClass(name: string, custom: ReadonlySet<string>): boolean {
  const [family, ...rest] = name.split('.');
  const type = rest.join('.');
  if (name === 'pii' || name === 'secret' || name === 'prompt' || name === 'custom') return true;
  if (family === 'pii') return PII_TYPES.has(type);
  return family === 'secret' ? SECRET_TYPES.has(type) : family === 'custom' && custom.has(type);
}

/**
 * The detectors of all families that policies name: one pass each.
 * @param classes of all policies
 * @throws PluginConfigError
 */
export function familyDetectors(
  classes: ReadonlySet<string>,
  customClasses: readonly DlpCustomClassDto[],
): FamilyDetector[] {
  const families = new Set([...classes].map(familyOf));
  const patterns = customClasses.map(
    ({ name, pattern }, index) =>
      [name, configuredPattern(pattern, `custom_classes[${index}].pattern`, ['i'])] as const,
  );
  const pii = new PiiDetector({ detectUrl: classes.has('pii.url') });
  const secrets = new SecretsDetector({ base64_24: classes.has('secret.base64_24') });
  const all: FamilyDetector[] = [
    classified('pii', pii),
    classified('secret', secrets),
    classified('custom', { find: (text) => customFindings(text, patterns) }),
    { family: 'prompt', find: wholeText },
  ];
  return all.filter(({ family }) => families.has(family));
}

/** What is masked already, and of prompts what is no speech, is nothing. */
export function isContent({ type, start, end, text }: LocatedFinding): boolean {
  if (type === 'prompt' && (text.kind !== 'value' || !SPOKEN.has(text.at))) return false;
  return end - start > LONGEST_MASK || !MASKED.test(text.text.slice(start, end));
}

const classified = (family: Family, detector: Detector): FamilyDetector => ({
  family,
  find: (text, label) => {
    const found = detector.find(text, label);
    return found.length === 0 ? found : found.map((finding) => ({ ...finding, type: `${family}.${finding.type}` }));
  },
});

const wholeText = (text: string): Finding[] => [
  { type: 'prompt', start: 0, end: text.length, score: 1, rule: 'prompt' },
];

const customFindings = (text: string, patterns: readonly (readonly [string, Pattern])[]): Finding[] =>
  patterns.flatMap(([type, pattern]) =>
    pattern.spans(text).map((span) => ({ ...span, type, score: 1, rule: 'pattern' })),
  );
