import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { mergeFindings } from '../merge-findings.js';
import { ContentBudget, type ContentLimits } from './content-limits.js';
import type { ContentText, Written } from './content-text.js';
import { decodeOnce } from './decode-once.js';
import { isSplit, Joined, type TextSpan } from './joined.js';
import type { Encoding, Reading } from './reading.js';
import { rebuild } from './rebuild.js';
import { Walk } from './walk.js';

/** Something found, in offsets of the text as it stands in the value. */
export interface LocatedFinding extends Finding {
  readonly text: ContentText;
  /** What had to be decoded to see it, outermost first; the span is then that of what was encoded. */
  readonly encoding: readonly Encoding[];
  /** It goes on in a neighbouring text, where another finding covers the rest. */
  readonly split: boolean;
}

/** What stands in a text to be masked, and what to put there. */
export type Mask = (finding: LocatedFinding, matched: string) => string;

interface Readable {
  readonly text: string;
  readonly label: string | undefined;
}

type Found = Finding & Pick<LocatedFinding, 'encoding'>;

const READINGS = 2;
const NOTHING: readonly never[] = [];

/**
 * A value on its way through the gate: arguments, a result, messages, contents, error data, definitions. It is walked
 * once for all guardrails that look at it. Values are never changed: masking makes a new Content.
 */
export class Content {
  readonly #budget: ContentBudget;
  /** Of the texts, then of the joined ones. */
  readonly #readings: (readonly Reading[] | undefined)[] = [];
  #walk: Walk | undefined;
  #joined: readonly Joined[] | undefined;

  private constructor(
    readonly value: unknown,
    private readonly limits: Partial<ContentLimits> | undefined,
    private readonly written: Written | undefined,
  ) {
    this.#budget = new ContentBudget(limits);
  }

  /** @param value JSON, as JSON.parse makes it. Every method throws a ContentLimitError on more than the limits allow. */
  static of(value: unknown, limits?: Partial<ContentLimits>, written?: Written): Content {
    return new Content(value, limits, written);
  }

  /** Every text: values, member names but the protocol's own, long integers; also those of JSON in strings and of blobs. */
  texts(): readonly ContentText[] {
    return this.#walked().texts;
  }

  /** What a detector finds in the texts, whatever they are encoded in and however they are split; disjoint in each text. */
  find(detector: Detector): readonly LocatedFinding[] {
    const found = new Map<ContentText, LocatedFinding[]>();
    let count = 0;
    const add = (finding: LocatedFinding): void => {
      this.#budget.findings(++count);
      const others = found.get(finding.text);
      if (others) others.push(finding);
      else found.set(finding.text, [finding]);
    };
    const texts = this.texts();
    for (const [index, text] of texts.entries()) {
      for (const finding of this.#findIn(text, index, detector)) add({ ...finding, text, split: false });
    }
    for (const [index, joined] of this.#joins().entries()) {
      for (const finding of this.#findAcross(joined, texts.length + index, detector, found)) add(finding);
    }
    return [...found.values()].flatMap((findings) => mergeFindings(findings));
  }

  /**
   * The content with something else in place of what was found; this very content if nothing was. What holds no
   * finding is shared with the old value. A number becomes 0; a key stays unique; JSON in a string stays as it is
   * written but for the masked tokens; a blob is encoded again.
   * @param findings of this content, also of several detectors
   */
  replace(findings: readonly LocatedFinding[], mask: Mask): Content {
    const byText = new Map<ContentText, LocatedFinding[]>();
    for (const finding of findings) {
      const those = byText.get(finding.text);
      if (those) those.push(finding);
      else byText.set(finding.text, [finding]);
    }
    const changes = new Map<ContentText, string>();
    for (const [text, those] of byText) changes.set(text, masked(text.text, mergeFindings(those), mask));
    return this.#with(changes);
  }

  /** The content with every text but numbers rewritten; this very content if that changes none. */
  map(rewrite: (text: string, at: ContentText) => string): Content {
    const changes = new Map<ContentText, string>();
    for (const text of this.texts()) {
      if (text.kind === 'number') continue;
      const rewritten = rewrite(text.text, text);
      if (rewritten !== text.text) changes.set(text, rewritten);
    }
    return this.#with(changes);
  }

  #with(changes: ReadonlyMap<ContentText, string>): Content {
    return changes.size === 0 ? this : new Content(rebuild(this.value, changes), this.limits, this.written);
  }

  #walked(): Walk {
    if (!this.#walk) {
      const walk = new Walk(this.#budget, this.written);
      walk.value(this.value);
      this.#walk = walk;
    }
    return this.#walk;
  }

  #joins(): readonly Joined[] {
    return (this.#joined ??= this.#walked().neighbours.map((row) => new Joined(row)));
  }

  /** In the text, and where its readings say something else. */
  #findIn({ text, label }: Readable, index: number, detector: Detector): readonly Found[] {
    const raw = detector.find(text, label);
    this.#budget.findings(raw.length);
    const readings = (this.#readings[index] ??= this.#readingsOf(text));
    if (raw.length === 0 && readings.length === 0) return NOTHING;
    const found = raw.map((finding): Found => ({ ...finding, encoding: [] }));
    const chain: Reading[] = [];
    for (const reading of readings) {
      chain.unshift(reading);
      for (const finding of detector.find(reading.text, label)) {
        const at = reading.isNews(finding.start, finding.end) ? locate(chain, finding) : undefined;
        if (at) found.push({ ...finding, ...at });
      }
    }
    return found;
  }

  #findAcross(
    joined: Joined,
    index: number,
    detector: Detector,
    found: ReadonlyMap<ContentText, readonly LocatedFinding[]>,
  ): LocatedFinding[] {
    const isFound = (span: TextSpan, type: string): boolean =>
      (found.get(span.text) ?? []).some((other) => covers(other, span, type));
    return this.#findIn(joined, index, detector).flatMap((finding) => {
      const spans = joined.split(finding.start, finding.end);
      return isSplit(spans, finding.type, isFound) ? spans.map((span) => ({ ...finding, ...span, split: true })) : [];
    });
  }

  #readingsOf(text: string): readonly Reading[] {
    let reading = decodeOnce(text, this.#budget);
    if (!reading) return NOTHING;
    const readings: Reading[] = [];
    for (; reading && readings.length < READINGS; reading = decodeOnce(reading.text, this.#budget)) {
      this.#budget.decoded(reading.text.length);
      readings.push(reading);
    }
    return readings;
  }
}

/** @param chain of readings, the last one first, down to that of the text itself */
function locate(
  chain: readonly Reading[],
  { start, end }: Finding,
): { start: number; end: number; encoding: readonly Encoding[] } | undefined {
  let span = { start, end };
  const encoding: Encoding[] = [];
  for (const reading of chain) {
    const located = reading.locate(span.start, span.end);
    if (!located) return undefined;
    encoding.unshift(...located.encodings);
    span = located;
  }
  return { start: span.start, end: span.end, encoding };
}

function covers(finding: Finding, { start, end }: { start: number; end: number }, type: string): boolean {
  return finding.type === type && finding.start <= start && finding.end >= end;
}

function masked(text: string, findings: readonly LocatedFinding[], mask: Mask): string {
  let done = 0;
  let result = '';
  for (const finding of [...findings].sort((a, b) => a.start - b.start)) {
    result += text.slice(done, finding.start) + mask(finding, text.slice(finding.start, finding.end));
    done = finding.end;
  }
  return result + text.slice(done);
}
