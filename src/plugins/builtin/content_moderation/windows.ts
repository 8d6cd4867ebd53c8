/** What is judged at once: a text, a part of one, or several that are short. */
export interface Window {
  readonly text: string;
  /** Those that are in it, or a part of which is. */
  readonly of: readonly string[];
}

/** UTF-16 units that neighbouring parts share: what stands across their border is whole in one of them. */
const OVERLAP = 200;
/** So many short texts are judged each for itself; more of them together. */
const SEPARATE = 8;

/** @param longest UTF-16 units of one window, more than the overlap */
export function windowsOf(texts: readonly string[], longest: number, packs: boolean): Window[] {
  const short = texts.filter((text) => text.length <= longest);
  const long = texts.filter((text) => text.length > longest);
  const alone = !packs || short.length <= SEPARATE;
  return [
    ...(alone ? short.map((text) => ({ text, of: [text] })) : packed(short, longest)),
    ...long.flatMap((text) => parts(text, longest)),
  ];
}

function parts(text: string, longest: number): Window[] {
  const step = longest - OVERLAP;
  const count = Math.ceil((text.length - OVERLAP) / step);
  return Array.from({ length: count }, (_, at) => ({
    text: text.slice(at * step, at * step + longest),
    of: [text],
  }));
}

function packed(texts: readonly string[], longest: number): Window[] {
  const windows: Window[] = [];
  let of: string[] = [];
  let length = 0;
  const close = (): void => {
    if (of.length > 0) windows.push({ text: of.join('\n'), of });
    of = [];
    length = 0;
  };
  for (const text of texts) {
    if (length + text.length > longest) close();
    of.push(text);
    length += text.length + 1;
  }
  close();
  return windows;
}
