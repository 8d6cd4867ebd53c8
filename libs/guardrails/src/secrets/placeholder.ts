import { SAMPLE } from './randomness.js';
import { PLACEHOLDER_WORDS, TYPE_WORDS } from './keyword.rules.js';

const MASK = /[xX]{5}|[*#•·]{3}|\.{3}|…|_{4}/;
const COUNTING = /0123456|1234567890|abcdefgh|a1b2c3d4|d4c3b2a1/i;
const TEMPLATE = /\$\{|\$\(|\{\{|\}\}|<%|%>|#\{|%\(\w+\)s|\{%|%[sd]\b|&lt;|\$\[/;
/** `$VAR`, `%VAR%`, `@VAR@`, `__VAR__`, `<anything>`, `{anything}`, `[anything]`. */
const VARIABLE = /^(?:\$(?=\d*[A-Za-z_])\w+$|\$\w+[.:[]|%\w+%$|@\w+@$|__\w+__$|<.*>$|\{.*\}$|\[.*\]$|!\w+ )/;

/** Whether characters of the value were blacked out, as in `ghp_xxxxxxxx`. */
export function isMasked(value: string): boolean {
  return MASK.test(value) || /(?:^|[^0-9])0{12}|1{12}|(?:123){4}/.test(value);
}

/** Whether the value is left for a program or a person to fill in. */
export function isTemplate(value: string): boolean {
  return TEMPLATE.test(value) || VARIABLE.test(value);
}

/** Whether the value only stands for a secret: masks, templates, variables, and words like `changeme`. */
export function isPlaceholder(whole: string): boolean {
  const value = whole.length > SAMPLE ? whole.slice(0, SAMPLE) : whole;
  return (
    isMasked(value) ||
    isTemplate(value) ||
    COUNTING.test(value) ||
    PLACEHOLDER_WORDS.test(value) ||
    isOneCharacter(value)
  );
}

/** Names of types and states, which schemas and forms give instead of a value. */
export function isTypeWord(value: string): boolean {
  return TYPE_WORDS.has(value.toLowerCase());
}

function isOneCharacter(value: string): boolean {
  for (let at = 1; at < value.length; at++) if (value.charCodeAt(at) !== value.charCodeAt(0)) return false;
  return true;
}
