import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const normal = (given: unknown, made: unknown, config: JsonObject = {}): Omit<PluginCase, 'title'> => ({
  config,
  call: { args: { a: given } },
  expect: { args: { a: made } },
});
const untouched = (given: unknown, config: JsonObject = {}): Omit<PluginCase, 'title'> => ({
  config,
  call: { args: { a: given } },
  expect: 'unchanged',
});
const lower = { enable_casing: true, case_strategy: 'lower' };

export const ARGUMENT_NORMALIZER_CASES: readonly PluginCase[] = [
  { title: 'spaces and line breaks', ...normal('  Hello   World  \r\nCafe\u0301 ', 'Hello World \nCafé') },
  { title: 'control characters and invisible ones', ...normal('a\u0000b\u0007c\u200Bd\u202Ee', 'abcde') },
  { title: 'another form', ...normal('ﬁne ①', 'fine 1', { unicode_form: 'NFKC' }) },
  { title: 'empty lines', ...normal('a\n\n \n\nb', 'a\n\nb', { collapse_blank_lines: true }) },
  { title: 'lower case', ...normal('  JOHN   DOE  ', 'john doe', lower) },
  { title: 'titles', ...normal("mary o'neil SMITH", "Mary O'neil Smith", { ...lower, case_strategy: 'title' }) },
  { title: 'a strategy that is not switched on', ...untouched('ABC', { case_strategy: 'lower' }) },
  { title: 'a date that can only mean one', ...normal('Due 31/12/2023.', 'Due 2023-12-31.') },
  { title: 'a date, month first', ...normal('02/03/2024', '2024-02-03') },
  { title: 'a date, day first', ...normal('02.03.2024', '2024-03-02', { day_first: true }) },
  { title: 'a date with its year first', ...normal('2024/3/2', '2024-03-02') },
  { title: 'what is no date', ...untouched('31/31/2024, 10.0.20.30, 1/2/24, 2024-03-02T10:00:00Z, 12/2024/1') },
  { title: 'numbers', ...normal('1.234,56 EUR, 1,234.56 USD', '1234.56 EUR, 1234.56 USD') },
  { title: 'thousands', ...normal("1,234,567 and 1.234.567 and 1'234'567", '1234567 and 1234567 and 1234567') },
  { title: 'a decimal comma', ...normal('3,14', '3.14') },
  { title: 'a number that could be read both ways', ...untouched('1,234') },
  { title: 'the same where commas are decimal', ...normal('1,234', '1.234', { decimal_detection: 'comma' }) },
  { title: 'the same where dots are decimal', ...normal('1,234', '1234', { decimal_detection: 'dot' }) },
  { title: 'what is no number', ...untouched('v1.2.3 192.168.0.1 3.14 a1,2b 12:30,5 1,2,3,4 x@1.5 1.5.x') },
  { title: 'nested, and in JSON in a string', ...normal([{ b: ' x ' }, '{"c": " y "}'], [{ b: 'x' }, '{"c": "y"}']) },
  { title: 'numbers, booleans and nothing', ...untouched([1234567, true, null, 1.5]) },
  {
    title: 'a field of its own',
    ...normal(
      { name: 'ANN', note: 'ANN' },
      { name: 'ann', note: 'ANN' },
      { field_overrides: [{ pattern: String.raw`^a\.name$`, ...lower }] },
    ),
  },
  {
    title: 'an item of a list',
    ...normal([{ t: 'A' }, { t: 'A' }], [{ t: 'A' }, { t: 'a' }], {
      field_overrides: [{ pattern: String.raw`a\[1\]`, ...lower }],
    }),
  },
  {
    title: 'nothing of it',
    ...untouched('  a\u0000  1.234,5  31/12/2023 ', {
      enable_unicode: false,
      enable_whitespace: false,
      enable_dates: false,
      enable_numbers: false,
    }),
  },
  {
    title: 'the arguments of a prompt',
    call: { kind: 'prompt', args: { topic: ' x ' } },
    expect: { args: { topic: 'x' } },
  },
  { title: 'names stay', call: { args: { ' a ': 1, b: { ' c ': 2 } } }, expect: 'unchanged' },
];
