import type { Finding } from '../finding.js';
import { isSmall } from '../small-letters.js';
import { LEXICON } from './topics.js';

/** Above this number of findings the whole text is one finding: whatever else is in it, it does not pass. */
const MAX_FINDINGS = 10_000;
const WORDS_BEFORE = 64;
const WORDS_AFTER = 32;
/** Member names that say nothing about their value. */
const NEUTRAL =
  /^(?:text|content|contents|value|input|output|data|message|msg|query|q|arg|args|body|result|prompt|string|str|item|key|payload|field)?$/;

/** One text with its label and what was found in it so far. */
export class Scan {
  readonly findings: Finding[] = [];
  /** Stretches that look like something with a check digit but fail it; only the like-looking weaker kinds ask. */
  readonly #refused: { readonly start: number; readonly end: number }[] = [];
  #labelWords: string | undefined;
  /** Without the white space around it. */
  #inner: { readonly from: number; readonly to: number } | undefined;
  #wanted = 0;

  constructor(
    readonly text: string,
    private readonly label = '',
    private readonly wants: (type: string) => boolean = () => true,
  ) {}

  get full(): boolean {
    return this.#wanted >= MAX_FINDINGS;
  }

  /** Up to 64 characters in front of a place, behind the label, in lower case. */
  before(start: number): string {
    return `${this.#words()} ${this.text.slice(Math.max(0, start - WORDS_BEFORE), start)}`.toLowerCase();
  }

  /** Up to 32 characters behind a place, in lower case. */
  after(end: number): string {
    return this.text.slice(end, end + WORDS_AFTER).toLowerCase();
  }

  /** The label and what stands around a stretch, in lower case. */
  near(start: number, end: number): string {
    const from = Math.max(0, start - WORDS_BEFORE);
    return `${this.#words()} ${this.text.slice(from, end + WORDS_AFTER)}`.toLowerCase();
  }

  /** What the label and the words around a stretch speak of. */
  topics(start: number, end: number): ReadonlySet<string> {
    return LEXICON.topics(this.near(start, end));
  }

  /** Whether the text is this and nothing else, and its label does not speak against it. */
  alone(start: number, end: number): boolean {
    this.#inner ??= {
      from: this.text.length - this.text.trimStart().length,
      to: this.text.trimEnd().length,
    };
    return start === this.#inner.from && end === this.#inner.to && NEUTRAL.test(this.#words());
  }

  /** Whether nothing was found there yet; looks at the last findings only, the ones of the same stretch of text. */
  free(start: number, end: number): boolean {
    for (let index = this.findings.length - 1; index >= Math.max(0, this.findings.length - 64); index -= 1) {
      const found = this.findings[index]!;
      if (found.start < end && start < found.end) return false;
    }
    return true;
  }

  /** The label with an own word per part: `homePhone` and `home_phone` read like `home phone`. Few texts are asked. */
  #words(): string {
    this.#labelWords ??= words(this.label);
    return this.#labelWords;
  }

  refuse(start: number, end: number): void {
    this.#refused.push({ start, end });
  }

  /** As `free`, for kinds without a check digit of their own. */
  freeForWeak(start: number, end: number): boolean {
    return (
      !this.#refused.slice(-8).some((refused) => refused.start < end && start < refused.end) && this.free(start, end)
    );
  }

  /** Kinds that are not wanted are kept as well: what is one of them is nothing else. */
  add(type: string, rule: string, start: number, end: number, score: number): void {
    if (this.full) return;
    this.findings.push({ type, rule, start, end, score });
    if (this.wants(type)) this.#wanted += 1;
    if (this.full) this.findings.push({ type: 'pii', rule: 'too_many', start: 0, end: this.text.length, score: 1 });
  }
}

function words(label: string): string {
  const head = label.slice(0, 128);
  if (isSmall(head)) return head;
  return head
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_\-.]+/g, ' ')
    .toLowerCase();
}

/** A letter, a digit or `_` at this place of the text: what stands beside it is a part of a longer word. */
export function isWordAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    // Latin letters with accents, Greek, Cyrillic, Hebrew, Arabic; scripts without spaces between words end a word.
    (code >= 0xc0 && code < 0x0e00)
  );
}

/** Whether no word, number or path goes on at either side. */
export const isWhole = (text: string, start: number, end: number): boolean =>
  !isWordAt(text, start - 1) &&
  !isWordAt(text, end) &&
  !/[\w.+][-./]$|[+*]$/.test(text.slice(Math.max(0, start - 2), start)) &&
  !/^[-.]\w/.test(text.slice(end, end + 2));
