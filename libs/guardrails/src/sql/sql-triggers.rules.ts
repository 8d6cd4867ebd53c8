import type { FragmentRule } from './fragment-state.js';

const words =
  'and|or|xor|union|intersect|except|minus|where|having|order|group|limit|into|procedure|for|as|is|not|in|like|rlike|regexp|ilike|glob|between|sounds|collate|div|mod|select|insert|update|delete|drop|alter|create|truncate|exec|execute|declare|shutdown|waitfor|begin|if|goto|match';
const verbs =
  'select|insert|update|delete|drop|alter|create|truncate|grant|revoke|exec|execute|declare|shutdown|waitfor|begin|if|load|call|copy|merge|handler|rename|backup|restore|do|attach';

const marks = '-+*/%&|^=<>!~(#';

export const quotes = ["'", '"', '`'];
/** A quote behind which code could stand; most quotes have a letter, a space or a comma behind them. */
export const brokenQuote = new RegExp(
  `['"\`][\\s)]{0,32}(?:[${marks}]|;\\s{0,16}(?:--|[#(/]|(?:${verbs})(?!\\w))|,\\s{0,8}\\(?(?:select|case|[a-z_]{1,32}\\()|(?:${words})(?!\\w))`,
  'iy',
);
/** For each character that `brokenQuote` may have behind the quote, a bit for each letter that may stand behind that. */
export const behindQuote = new Int32Array(128);
for (const mark of `${marks};,`) behindQuote[mark.charCodeAt(0)] = -1;
for (const word of words.split('|')) {
  const first = word.charCodeAt(0);
  behindQuote[first]! |= 1 << (word.charCodeAt(1) & 31);
  behindQuote[first & ~32] = behindQuote[first]!;
}

/** What nothing else looks like, wherever in a text it stands. */
export const unmistakable: readonly {
  readonly rule: FragmentRule;
  /** It has this in it, which is faster to look for. */
  readonly mark: string;
  /** One of these stands in front of it, perhaps with up to 16 spaces between them. */
  readonly behind: string;
  /** At the mark; captures what is in front of it. */
  readonly pattern: RegExp;
}[] = [
  {
    rule: 'stacked_statement',
    mark: '@',
    behind: 'eE',
    pattern: /@(?<=(declare\s{1,16})@)\w{1,64}\s{1,16}(?:as\s{1,16})?(?:n?varchar|n?char|int|table|cursor|sysname)\b/iy,
  },
  {
    rule: 'tautology',
    mark: '=',
    behind: '0123456789',
    pattern: /=(?<=(\d['"]?\s{1,4}(?:or|and)\s{1,4}(\d{1,9})\s{0,2})=)\s{0,2}\2(?!\d)/iy,
  },
  {
    rule: 'stacked_statement',
    mark: ';',
    behind: `0123456789'"`,
    pattern: /;(?<=(\d['"]?\s{0,4});)\s{0,4}(?:drop|truncate|alter)\s{1,4}(?:table|database|schema|view)\b/iy,
  },
];

/** A UNION right behind a value: `1 union`, `') union`. */
export const unionOfValue =
  /union(?=\s|\/\*|\(|all|distinct)(?<=(?:\d[a-z]?|['"`)}\]]|\\n)(?:\s{1,8}|\/\*\*\/)?union)/gi;

/** `'or'`, `' - '`: an operator between the two quotes of the application. */
export const loneOperator = /^'\s?(?:and|x?or|div|mod|r?like|regexp|[-+*/%&|^<>=!]{1,3})\s?'$/i;
