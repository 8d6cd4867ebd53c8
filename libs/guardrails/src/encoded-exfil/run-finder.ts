/** How a run is encoded; the names that the settings of the plugin have for it. */
export type ExfilEncoding = 'base64' | 'base64url' | 'hex' | 'percent_encoding' | 'escaped_hex';

export interface EncodedRun {
  readonly start: number;
  readonly end: number;
  readonly encoding: ExfilEncoding;
}

/** Of ASCII: whether it may be part of something encoded. */
const CLASS = Uint8Array.from({ length: 128 }, (_, code) => (/[\w+/%\\-]/.test(String.fromCharCode(code)) ? 1 : 0));

/** What a stretch of the class is made of: bytes that are escaped one by one, and what may be base64 or hex. */
const TOKEN = /((?:%[0-9A-Fa-f]{2})+)|((?:\\x[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2})+)|[\w+/-]+/g;
/** A line end between two lines of one base64 text, which are at least so long. */
const LINE_END = /\r?\n[ \t]{0,8}/y;
const LINE = /[A-Za-z0-9+/]+={0,2}/y;
const LEAST_LINE = 48;
const IN_WORD = /[A-Za-z0-9]/;

/** Finds what may be an encoded text: runs of one alphabet, base64 over several lines. */
export class RunFinder {
  readonly #hex: RegExp;
  readonly #base64: RegExp;
  readonly #base64url: RegExp;

  /** @param least length of a run, characters */
  constructor(private readonly least: number) {
    this.#hex = new RegExp(`(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{${least},}(?![0-9A-Za-z])`, 'g');
    this.#base64 = new RegExp(`(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{${least},}`, 'g');
    this.#base64url = new RegExp(`(?<![\\w-])[\\w-]{${least},}`, 'g');
  }

  *find(text: string): Generator<EncodedRun> {
    const { least } = this;
    let done = 0;
    for (let at = nextRun(text, 0, least); at < text.length; at = nextRun(text, Math.max(done, at), least)) {
      let end = at;
      while (end < text.length && isInClass(text.charCodeAt(end))) end++;
      for (const run of this.#runsIn(text, at, end)) {
        // The lines of one run have been read with it.
        if (run.start < done) continue;
        yield run;
        done = run.end;
      }
      done = Math.max(done, end);
    }
  }

  *#runsIn(text: string, from: number, to: number): Generator<EncodedRun> {
    for (const { 0: token, 1: percent, 2: escaped, index } of text.slice(from, to).matchAll(TOKEN)) {
      if (token.length < this.least) continue;
      const start = from + index;
      if (percent !== undefined) yield { start, end: start + token.length, encoding: 'percent_encoding' };
      else if (escaped !== undefined) yield { start, end: start + token.length, encoding: 'escaped_hex' };
      else yield* this.#lettersIn(text, token, start);
    }
  }

  *#lettersIn(text: string, token: string, from: number): Generator<EncodedRun> {
    const hex = [...token.matchAll(this.#hex)];
    for (const { 0: piece, index } of hex)
      yield { start: from + index, end: from + index + piece.length, encoding: 'hex' };
    if (hex.length > 0) return;
    const [standard, url] = [[...token.matchAll(this.#base64)], [...token.matchAll(this.#base64url)]];
    const isUrl = /[-_]/.test(token) && longest(url) >= longest(standard);
    for (const { 0: piece, index } of isUrl ? url : standard) {
      const start = from + index;
      yield { start, end: endOf(text, start, start + piece.length), encoding: isUrl ? 'base64url' : 'base64' };
    }
  }
}

/** Where the next so many characters of the class begin; looks at few of the others. */
function nextRun(text: string, from: number, least: number): number {
  let start = from;
  let at = start + least - 1;
  while (at < text.length) {
    let back = at;
    while (back >= start && isInClass(text.charCodeAt(back))) back--;
    if (back < start) return start;
    start = back + 1;
    at = start + least - 1;
  }
  return text.length;
}

const isInClass = (code: number): boolean => code < 128 && CLASS[code] === 1;

const longest = (pieces: readonly RegExpExecArray[]): number =>
  pieces.reduce((most, { 0: piece }) => Math.max(most, piece.length), 0);

/** Padding, and the lines that go on with it. */
function endOf(text: string, start: number, first: number): number {
  let [from, end] = [start, first];
  while (end - from >= LEAST_LINE) {
    LINE_END.lastIndex = end;
    if (!LINE_END.test(text)) break;
    LINE.lastIndex = LINE_END.lastIndex;
    const line = LINE.exec(text)?.[0];
    const next = LINE_END.lastIndex + (line?.length ?? 0);
    if (
      !line ||
      line.length > end - from ||
      (text[next] === ' ' && !line.endsWith('=')) ||
      IN_WORD.test(text[next] ?? '')
    )
      break;
    [from, end] = [LINE_END.lastIndex, next];
  }
  while (end < first + 2 && text[end] === '=') end++;
  return end;
}
