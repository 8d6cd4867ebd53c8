import type { FragmentRule } from './fragment-state.js';

const words =
  'and|or|xor|union|intersect|except|minus|where|having|order|group|limit|into|procedure|for|as|is|not|in|like|rlike|regexp|ilike|glob|between|sounds|collate|div|mod|select|insert|update|delete|drop|alter|create|truncate|exec|execute|declare|shutdown|waitfor|begin|if|goto|match';
const verbs =
  'select|insert|update|delete|drop|alter|create|truncate|grant|revoke|exec|execute|declare|shutdown|waitfor|begin|if|load|call|copy|merge|handler|rename|backup|restore|do|attach';

/** A quote behind which code could stand; most quotes have a letter, a space or a comma behind them. */
export const brokenQuote = new RegExp(
  `['"\`][\\s)]{0,32}(?:[-+*/%&|^=<>!~(#]|;\\s{0,16}(?:--|[#(/]|(?:${verbs})(?!\\w))|,\\s{0,8}\\(?(?:select|case|[a-z_]{1,32}\\()|(?:${words})(?!\\w))`,
  'gi',
);

/** What nothing else looks like, wherever in a text it stands. */
export const unmistakable: readonly {
  readonly rule: FragmentRule;
  /** It has this in it, which is faster to look for. */
  readonly mark: string;
  readonly pattern: RegExp;
}[] = [
  {
    rule: 'stacked_statement',
    mark: '@',
    pattern: /declare\s{1,16}@\w{1,64}\s{1,16}(?:as\s{1,16})?(?:n?varchar|n?char|int|table|cursor|sysname)\b/i,
  },
  { rule: 'tautology', mark: '=', pattern: /\d['"]?\s{1,4}(?:or|and)\s{1,4}(\d{1,9})\s{0,2}=\s{0,2}\1(?!\d)/i },
  {
    rule: 'stacked_statement',
    mark: ';',
    pattern: /\d['"]?\s{0,4};\s{0,4}(?:drop|truncate|alter)\s{1,4}(?:table|database|schema|view)\b/i,
  },
];

/** A UNION right behind a value: `1 union`, `') union`. */
export const unionOfValue =
  /union(?=\s|\/\*|\(|all|distinct)(?<=(?:\d[a-z]?|['"`)}\]]|\\n)(?:\s{1,8}|\/\*\*\/)?union)/gi;

/** `'or'`, `' - '`: an operator between the two quotes of the application. */
export const loneOperator = /^'\s?(?:and|x?or|div|mod|r?like|regexp|[-+*/%&|^<>=!]{1,3})\s?'$/i;
