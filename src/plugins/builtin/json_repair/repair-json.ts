import { jsonrepair, JSONRepairError } from 'jsonrepair';

const FENCED = /^\s{0,100}```(?:json[5c]?)?[ \t]{0,20}\n([\s\S]*?)\n?```\s{0,100}$/i;
/** How an object or a list begins, and hardly anything else. */
const BEGINS =
  /^(?:\{\s*(?:["'“‘`]|[\w$-]{1,100}\s*:|\}|\/[/*])|\[\s*(?:[[{"'“‘`\]]|-?\d[\d.eE+-]{0,30}\s*[,\]]|(?:true|false|null|None|True|False)\b))/;
const WORDS = /[\p{L}\p{N}]+/gu;
/** Of other languages and of JavaScript, for a word of JSON. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['none', 'null'],
  ['undefined', 'null'],
  ['nan', 'null'],
]);
const DEEPEST = 200;

/** A text that was meant as JSON, as JSON; undefined for one that is JSON, or was meant otherwise. */
export function repairJson(text: string): string | undefined {
  const given = (FENCED.exec(text)?.[1] ?? text).trim();
  if (!BEGINS.test(given) || isJson(text) || !isOneValue(given)) return undefined;
  const repaired = mended(given);
  // Something that says other words than before is no repair.
  return repaired !== undefined && /^[[{]/.test(repaired) && wordsOf(repaired) === wordsOf(given)
    ? repaired
    : undefined;
}

function mended(text: string): string | undefined {
  try {
    const repaired = jsonrepair(text);
    return isJson(repaired) ? repaired : undefined;
  } catch (error) {
    if (error instanceof JSONRepairError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether its first bracket closes at its end, or not at all: what goes on after it is a text that begins with a bracket. */
function isOneValue(text: string): boolean {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\') at++;
    else if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"') quote = character;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (depth > DEEPEST) return false;
    if (depth === 0 && quote === '' && at < text.length - 1) return /^[\s;,]*$/.test(text.slice(at + 1));
  }
  return true;
}

/** What a text says without how it is written: names and values, in their order. */
function wordsOf(text: string): string {
  const plain = text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return (plain.replaceAll(/\\[nrtbf]/g, ' ').match(WORDS) ?? [])
    .map((word) => OTHER_WORDS.get(word.toLowerCase()) ?? word.toLowerCase())
    .join(' ');
}
