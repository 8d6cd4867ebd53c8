import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { AI_RULES } from './ai.rules.js';
import type { Assigned } from './assigned-value.js';
import { assignedByLabel, assignedTo, endOfName } from './assignment.js';
import { BLOCK_RULES } from './block.rules.js';
import { CLOUD_RULES } from './cloud.rules.js';
import { CREDENTIAL_RULES } from './credential.rules.js';
import { DEVELOPER_RULES } from './developer.rules.js';
import { KEYWORDS, PROVIDERS } from './keyword.rules.js';
import { LiteralScanner } from './literal-scanner.js';
import { privateKeyAt } from './private-key.js';
import { SERVICE_RULES } from './service.rules.js';
import type { TokenRule } from './token-rule.js';

const TOKEN_RULES = [
  ...BLOCK_RULES,
  ...CLOUD_RULES,
  ...DEVELOPER_RULES,
  ...AI_RULES,
  ...SERVICE_RULES,
  ...CREDENTIAL_RULES,
];
const ASSIGNED_TYPES = [
  'assigned_password',
  'assigned_secret',
  'assigned_token',
  'assigned_key',
  'hex_secret_32',
  'aws_secret_access_key',
];

/** Every type that can be switched. `base64_24`, any long run of base64, is off unless asked for. */
export const SECRET_TYPES: ReadonlySet<string> = new Set([
  ...TOKEN_RULES.map(({ type }) => type),
  ...ASSIGNED_TYPES,
  'private_key_block',
  'base64_24',
]);

const ASSIGNMENT = 'assignment';
/** Beyond so many the rest of the text is one finding. */
const MOST_FINDINGS = 1000;
const BASE64_24 = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}={0,2}(?![A-Za-z0-9+/=])/g;

/** Characters of the shortest secret that no label tells. */
const SHORTEST = 5;

type Visit = TokenRule | 'keyword' | 'provider' | 'private key';

const SCANNER = new LiteralScanner<Visit>([
  ...TOKEN_RULES.flatMap((rule) => rule.literals.map((literal) => [literal, rule] as const)),
  ...KEYWORDS.map((literal) => [literal, 'keyword'] as const),
  ...PROVIDERS.map((literal) => [literal, 'provider'] as const),
  ['-----begin ', 'private key'],
]);

/**
 * Credentials in a text, by three means: the forms of what providers give out, with their lengths and checksums; what
 * is assigned to a name that speaks of a secret; and how random a value is. Each span is the secret alone.
 */
export class SecretsDetector implements Detector {
  private readonly off: ReadonlySet<string>;

  /** @param enabled by type, of `SECRET_TYPES`; what is not mentioned is on, except `base64_24` */
  constructor(enabled: Readonly<Record<string, boolean>> = {}) {
    this.off = new Set([...SECRET_TYPES].filter((type) => !(enabled[type] ?? type !== 'base64_24')));
  }

  find(text: string, label?: string): readonly Finding[] {
    const found = new Findings(this.off, text.length);
    if (label !== undefined) found.addAssigned(assignedByLabel(text, label));
    if (text.length < SHORTEST) return found.all;
    let named = 0;
    SCANNER.scan(text, (visit, start, end) => {
      if (found.covers(start)) return;
      if (visit === 'keyword' || visit === 'provider') {
        if (end <= named) return;
        named = endOfName(text, end);
        found.addAssigned(assignedTo(text, start, named, visit === 'provider'));
      } else if (visit === 'private key') {
        const last = privateKeyAt(text, start);
        if (last !== undefined) found.add({ type: 'private_key_block', start, end: last, score: 1, rule: 'armour' });
      } else {
        found.add(match(visit, text, start));
      }
    });
    if (!this.off.has('base64_24'))
      for (const { 0: run, index } of text.matchAll(BASE64_24))
        found.add({ type: 'base64_24', start: index, end: index + run.length, score: 0.3, rule: 'base64_24' });
    return found.all;
  }
}

/** What was found so far; what lies inside a finding is not found again. */
class Findings {
  readonly all: Finding[] = [];
  private last: Finding | undefined;

  constructor(
    private readonly off: ReadonlySet<string>,
    private readonly length: number,
  ) {}

  /** Whether the last secret of known form goes on here. What is assigned may still turn out to have a form. */
  covers(at: number): boolean {
    return this.last !== undefined && at >= this.last.start && at < this.last.end && this.last.rule !== ASSIGNMENT;
  }

  add(finding: Finding | undefined): void {
    if (finding === undefined || this.off.has(finding.type) || this.all.length > MOST_FINDINGS) return;
    if (this.last !== undefined && finding.start >= this.last.start && finding.end <= this.last.end) {
      // The form says more than the name beside it.
      if (this.last.rule === ASSIGNMENT && finding.score > this.last.score)
        this.all[this.all.length - 1] = this.last = { ...finding, start: this.last.start, end: this.last.end };
      return;
    }
    this.last = this.all.length < MOST_FINDINGS ? finding : { ...finding, end: this.length };
    this.all.push(this.last);
  }

  addAssigned(assigned: Assigned | undefined): void {
    if (assigned === undefined) return;
    const { type } = assigned;
    this.add({
      ...assigned,
      type: type === 'hex_secret_32' && this.off.has(type) ? 'assigned_token' : type,
      rule: ASSIGNMENT,
    });
  }
}

function match(rule: TokenRule, text: string, literal: number): Finding | undefined {
  // Where no token begins with the literal's first character, some of the token stands before it.
  if (rule.back > 0 && !isOfToken(text.charCodeAt(literal)) && !isOfToken(text.charCodeAt(literal - 1)))
    return undefined;
  let start = literal;
  const reach = Math.max(0, literal - rule.back);
  while (start > reach && isOfToken(text.charCodeAt(start - 1))) start--;
  for (; start <= literal; start++) {
    const finding = rule.inWord || beginsWord(text, start) ? matchAt(rule, text, start) : undefined;
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function matchAt({ type, pattern, literals, score }: TokenRule, text: string, start: number): Finding | undefined {
  pattern.lastIndex = start;
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const secret = found.findLast((group) => group !== undefined) ?? found[0];
  const sure = score(secret, found);
  const end = start + found[0].length;
  return sure === 0 ? undefined : { type, start: end - secret.length, end, score: sure, rule: literals[0]! };
}

function isOfToken(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 45 || // -
    code === 46 || // .
    code === 95 || // _
    code === 126 || // ~
    code === 43 || // +
    code === 47 // /
  );
}

/** Nothing of a word before it; the `n` of an escaped line end and the `3D` of an encoded sign are none. */
function beginsWord(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const isWord = (before >= 97 && before <= 122) || (before >= 65 && before <= 90) || (before >= 48 && before <= 57);
  if (at === 0 || !isWord) return true;
  if (text[at - 2] === '\\') return before === 110 || before === 114 || before === 116;
  return text[at - 3] === '%';
}
