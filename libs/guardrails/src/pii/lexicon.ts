/** Letters and digits of scripts that put spaces between words; texts are in lower case when they come here. */
const TOKEN = /[a-z0-9\u00aa\u00b5\u00ba\u00df-\u0dff\u1e00-\u1fff\uac00-\ud7af]+/g;
/** Thai, Chinese and Japanese run their words together. */
const UNSPACED = /[\u0e00-\u0e7f\u2e80-\uabff\uf900-\uffef]/;

interface Phrase {
  readonly topic: string;
  readonly tokens: readonly string[];
  /** Whether the last token may go on: `telefon*`. */
  readonly open: boolean;
}

/**
 * Tells of which topics a stretch of text speaks. A topic is a list of phrases in lower case, separated by `|`; what is
 * neither letter nor digit separates words, in phrases and texts alike. One pass over the words, however many topics.
 */
export class Lexicon {
  readonly #phrases = new Map<string, Phrase[]>();
  readonly #unspaced: { readonly topic: string; readonly word: string }[] = [];

  constructor(topics: Iterable<readonly [topic: string, phrases: string]>) {
    for (const [topic, phrases] of topics)
      for (const phrase of phrases.split('|')) {
        if (UNSPACED.test(phrase)) this.#unspaced.push({ topic, word: phrase });
        const tokens = phrase.match(TOKEN);
        if (!tokens) continue;
        const key = tokens[0].slice(0, 2);
        this.#phrases.set(key, [...(this.#phrases.get(key) ?? []), { topic, tokens, open: phrase.endsWith('*') }]);
      }
  }

  /** @param text in lower case */
  topics(text: string): ReadonlySet<string> {
    const found = new Set<string>();
    const words = text.match(TOKEN) ?? [];
    for (let index = 0; index < words.length; index += 1)
      for (const phrase of this.#phrases.get(words[index]!.slice(0, 2)) ?? [])
        if (begins(words, index, phrase)) found.add(phrase.topic);
    if (this.#unspaced.length > 0 && UNSPACED.test(text))
      for (const { topic, word } of this.#unspaced) if (text.includes(word)) found.add(topic);
    return found;
  }
}

function begins(words: readonly string[], at: number, { tokens, open }: Phrase): boolean {
  const last = tokens.length - 1;
  for (let index = 0; index < last; index += 1) if (words[at + index] !== tokens[index]) return false;
  const word = words[at + last];
  return word !== undefined && (open ? word.startsWith(tokens[last]!) : word === tokens[last]);
}
