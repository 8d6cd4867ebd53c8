import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import type { Pattern } from '../patterns/pattern.js';
import { entropy } from '../secrets/randomness.js';
import { decodedText } from './decoded-text.js';
import { type EncodedRun, type ExfilEncoding, RunFinder } from './run-finder.js';
import { EGRESS, SENSITIVE_VALUE, SENSITIVE_WORD } from './exfil.rules.js';

export interface EncodedExfilOptions {
  /** What is not mentioned is looked for. */
  readonly enabled?: Readonly<Partial<Record<ExfilEncoding, boolean>>>;
  /** Characters; 24 unless said. */
  readonly minEncodedLength?: number;
  /** Bytes; 12. */
  readonly minDecodedLength?: number;
  /** Bits a character of what is decoded; 3.3. */
  readonly minEntropy?: number;
  /** Share of what is decoded, 0 to 1; 0.7. */
  readonly minPrintableRatio?: number;
  /** Points, of `MOST_POINTS`; 3. */
  readonly minSuspicionScore?: number;
  /** Characters of one run that are decoded; 200,000. */
  readonly maxDecodedRun?: number;
  /** Beyond so many the rest of the text is one finding; 50. */
  readonly maxFindings?: number;
  /** Encodings within each other; 2. */
  readonly maxDecodeDepth?: number;
  /** What one of these matches a part of is none. */
  readonly allowed?: readonly Pattern[];
  readonly sensitiveWords?: readonly string[];
  readonly egressHints?: readonly string[];
}

/** All that can be said against a run: it is readable, varied, sensitive (2), encoded twice, and sent somewhere. */
export const MOST_POINTS = 6;

/** Characters before and behind a run that may say where it goes. */
const NEARBY = 100;
/** Of a longer text a word says little. */
const SHORT = 1024;
/** Longer ones are no token. */
const LONGEST_JWT = 4096;
/** Bytes: longer ones are no cursor. */
const LONGEST_CURSOR = 512;
const JWT = /(?<![\w.-])eyJ[\w-]{10,}\.eyJ[\w-]+\.[\w-]*(?![\w.-])/y;
const SVG = /data:image\/svg\+xml[\w;=-]{0,40};base64,$/i;
const SAMPLE = 4096;

interface Suspicion {
  readonly points: number;
  readonly reasons: readonly string[];
}

/**
 * Texts that somebody encoded so that nobody reads what leaves: each encoded run that decodes to text gets points for
 * what it says and what stands around it. Images, hashes, keys and other binary data are no text; tokens of three
 * parts, cursors and drawings are what they are.
 */
export class EncodedExfilDetector implements Detector {
  readonly #options: Required<EncodedExfilOptions>;
  readonly #runs: RunFinder;

  constructor(options: EncodedExfilOptions = {}) {
    this.#options = {
      enabled: {},
      minEncodedLength: 24,
      minDecodedLength: 12,
      minEntropy: 3.3,
      minPrintableRatio: 0.7,
      minSuspicionScore: 3,
      maxDecodedRun: 200_000,
      maxFindings: 50,
      maxDecodeDepth: 2,
      allowed: [],
      ...options,
      sensitiveWords: (options.sensitiveWords ?? []).map((word) => word.toLowerCase()),
      egressHints: (options.egressHints ?? []).map((hint) => hint.toLowerCase()),
    };
    this.#runs = new RunFinder(this.#options.minEncodedLength);
  }

  find(text: string): readonly Finding[] {
    const { minSuspicionScore, maxFindings } = this.#options;
    const found: Finding[] = [];
    for (const run of this.#runs.find(text)) {
      const suspicion = this.#suspicion(text, run, 1);
      if (!suspicion || suspicion.points < minSuspicionScore || this.#isAllowed(text, run)) continue;
      const { points, reasons } = suspicion;
      const last = found.length + 1 === maxFindings;
      found.push({
        type: run.encoding,
        start: run.start,
        end: last ? text.length : run.end,
        score: points / MOST_POINTS,
        rule: reasons.join('+'),
      });
      if (last) break;
    }
    return found;
  }

  /** Undefined for what says nothing. */
  #suspicion(text: string, { start, end, encoding }: EncodedRun, depth: number): Suspicion | undefined {
    const { enabled, minPrintableRatio, minDecodedLength, maxDecodedRun } = this.#options;
    if (enabled[encoding] === false) return undefined;
    const run = text.slice(start, Math.min(end, start + maxDecodedRun));
    const decoded = decodedText(run, encoding, minPrintableRatio);
    if (!decoded || decoded.length < minDecodedLength) return undefined;
    if (isPartOfJwt(text, start, decoded.text) || isDrawing(text, start, decoded.text)) return undefined;
    const own = this.#judge(decoded.text, this.#isSent(text, start, end, decoded.text));
    const inner = depth < this.#options.maxDecodeDepth ? this.#within(decoded.text, depth) : undefined;
    if (!inner) return own;
    const sent = own.reasons.filter((reason) => reason === 'egress' && !inner.reasons.includes(reason));
    const nested = { points: inner.points + 1 + sent.length, reasons: [...inner.reasons, ...sent, 'nested'] };
    return nested.points > own.points ? nested : own;
  }

  #judge(text: string, isSent: boolean): Suspicion {
    const { minEntropy, sensitiveWords } = this.#options;
    const reasons = ['readable'];
    let points = 1;
    const add = (reason: string, worth: number): void => {
      reasons.push(reason);
      points += worth;
    };
    if (entropy(text.slice(0, SAMPLE)) >= minEntropy) add('varied', 1);
    const lower = sensitiveWords.length > 0 ? text.toLowerCase() : '';
    if (SENSITIVE_VALUE.test(text) || sensitiveWords.some((word) => lower.includes(word))) add('sensitive', 2);
    else if (text.length <= SHORT && SENSITIVE_WORD.test(text)) add('sensitive word', 1);
    if (isSent) add('egress', 1);
    return { points, reasons };
  }

  /** The worst of what is encoded in what was decoded. */
  #within(decoded: string, depth: number): Suspicion | undefined {
    let worst: Suspicion | undefined;
    let looked = 0;
    for (const run of this.#runs.find(decoded)) {
      const suspicion = this.#suspicion(decoded, run, depth + 1);
      if (suspicion && suspicion.points > (worst?.points ?? 0)) worst = suspicion;
      if (++looked === this.#options.maxFindings) break;
    }
    return worst;
  }

  /** A cursor, or another small object, in an address is on no way out. */
  #isSent(text: string, start: number, end: number, decoded: string): boolean {
    if (decoded.length <= LONGEST_CURSOR && /^\{"[^]*\}$/.test(decoded)) return false;
    const near = text.slice(Math.max(0, start - NEARBY), start) + '\n' + text.slice(end, end + NEARBY);
    if (EGRESS.test(near)) return true;
    const lower = near.toLowerCase();
    return this.#options.egressHints.some((hint) => lower.includes(hint));
  }

  #isAllowed(text: string, { start, end }: EncodedRun): boolean {
    const from = Math.max(0, start - NEARBY);
    const shown = this.#options.allowed.length > 0 ? text.slice(from, end) : '';
    return this.#options.allowed.some((pattern) => pattern.spans(shown).some((span) => from + span.end > start));
  }
}

/** Whether it is a part of a token of three: what is in those is signed for somebody, and read by him. */
function isPartOfJwt(text: string, start: number, decoded: string): boolean {
  if (!decoded.startsWith('{')) return false;
  let first = start;
  if (text[start - 1] === '.') while (first > 0 && (first === start || isOfWord(text.charCodeAt(first - 1)))) first--;
  JWT.lastIndex = first;
  const token = JWT.exec(text)?.[0];
  return token !== undefined && token.length <= LONGEST_JWT;
}

const isOfWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 95;

const isDrawing = (text: string, start: number, decoded: string): boolean =>
  /^\s{0,9}<(?:svg|\?xml)/.test(decoded) && SVG.test(text.slice(Math.max(0, start - NEARBY), start));
