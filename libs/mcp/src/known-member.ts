const BACKSLASH = 0x5c;

/** A member whose value the scan locates, by its name in `JsonScan`. */
export type KnownMember = keyof typeof NAMES;

interface Word {
  readonly member: KnownMember;
  readonly bytes: Buffer;
}

const NAMES = {
  id: 'id',
  method: 'method',
  params: 'params',
  result: 'result',
  error: 'error',
  name: 'name',
  uri: 'uri',
  taskId: 'taskId',
  arguments: 'arguments',
  meta: '_meta',
  resultType: 'resultType',
  ttlMs: 'ttlMs',
  cacheScope: 'cacheScope',
  isError: 'isError',
  structuredContent: 'structuredContent',
  errorCode: 'code',
} as const;
/** No spelling of a known word is longer, not even with each letter as `\u006e`. */
const LONGEST = 6 * 'structuredContent'.length;

export const MESSAGE_MEMBERS = words('id', 'method', 'params', 'result', 'error');

const INNER_MEMBERS = new Map<KnownMember, readonly Word[]>([
  ['params', words('name', 'uri', 'taskId', 'arguments', 'meta')],
  ['result', words('resultType', 'ttlMs', 'cacheScope', 'isError', 'structuredContent')],
  ['error', words('errorCode')],
]);

/** The known members of the object under a member of the message. */
export function innerMembers(outer: KnownMember): readonly Word[] | undefined {
  return INNER_MEMBERS.get(outer);
}

function words(...members: KnownMember[]): readonly Word[] {
  return members.map((member) => ({ member, bytes: Buffer.from(NAMES[member]) }));
}

/** Which of the known members the key in `bytes` between `start` and `end` (without its quotes) names. */
export function knownMember(
  words: readonly Word[],
  bytes: Buffer,
  start: number,
  end: number,
): KnownMember | undefined {
  const length = end - start;
  if (length > LONGEST) return undefined;
  for (const known of words) {
    if (known.bytes.length === length && matches(known.bytes, bytes, start)) return known.member;
  }
  return escapedMember(words, bytes, start, end);
}

function matches(known: Buffer, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}

/** JSON.parse reads `"na\u006de"` as `name`, so the spans have to as well. */
function escapedMember(words: readonly Word[], bytes: Buffer, start: number, end: number): KnownMember | undefined {
  for (let i = start; i < end; i++) {
    if (bytes[i] === BACKSLASH) {
      const text = unescaped(bytes.toString('latin1', start - 1, end + 1));
      return words.find((known) => NAMES[known.member] === text)?.member;
    }
  }
  return undefined;
}

function unescaped(literal: string): unknown {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}
