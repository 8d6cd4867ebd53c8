const SHORTEST = 32;
const FEWEST_DISTINCT = 10;
/** Random hex of that length has 3.3 or more. */
const LEAST_BITS_A_CHARACTER = 2.75;
const PLACEHOLDER =
  /my[-_]?test|test[-_]?(key|salt|secret)|change[-_]?(me|this|it)|(secret|signing|jwt|private)[-_]?key|^secret|(my|your|super|string)[-_]?secret|(128|256|384|512)[-_]?bits?[-_]|passw(or)?d|replace[-_]?me|placeholder|example|insecure|default|qwerty|asdfgh|zxcvbn|0123456789|1234567890|abcdefgh/i;
/** Long and random-looking, but printed in standards and tutorials. */
const PUBLISHED = new Set([
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr9Z9CAow',
  'hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg',
  '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970',
  '413F4428472B4B6250655368566D5970337336763979244226452948404D6351',
  '3cfa76ef14937c1c0ea519f8fc057a80fcd04a7420f8e8bcd0a7567c272e007b',
]);

/** Why a text makes no secret, to complete "NAME …"; undefined when nothing speaks against it. */
export function secretWeakness(value: string): string | undefined {
  if (value.length < SHORTEST) return `must have at least ${SHORTEST} characters`;
  if (
    new Set(value).size < FEWEST_DISTINCT ||
    repeats(value) ||
    ordered(value) ||
    entropy(value) < LEAST_BITS_A_CHARACTER
  )
    return 'is too monotonous; take random bytes';
  if (PLACEHOLDER.test(value) || PUBLISHED.has(value)) return 'is a known or placeholder value; take random bytes';
  return undefined;
}

/** Whether a text is one shorter text again and again. */
function repeats(value: string): boolean {
  for (let period = 1; period <= value.length / 2 && period <= 1024; period += 1) {
    if (value.startsWith(value.slice(period))) return true;
  }
  return false;
}

/** Whether most characters are neighbours, in the code table, of the one before: `zyxwv…`, `aabbcc…`. */
function ordered(value: string): boolean {
  let steps = 0;
  for (let at = 1; at < value.length; at += 1) {
    if (Math.abs(value.charCodeAt(at) - value.charCodeAt(at - 1)) <= 1) steps += 1;
  }
  return steps > value.length / 2;
}

/** Shannon's, of the characters as they are, bits each. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}
