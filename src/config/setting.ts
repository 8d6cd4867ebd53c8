import { Secret } from './secret.js';

/** One setting of the environment: how it is named, read, checked and explained. */
export interface Setting<T> {
  readonly env: string;
  readonly aliases: readonly string[];
  readonly doc: string;
  /** What the reference and `.env.example` show as default; empty when there is none. */
  readonly shown: string;
  readonly type: string;
  readonly fallback: T;
  readonly secret: boolean;
  /** Whether a start without it is refused. */
  readonly required: boolean;
  /** Returns the value, or throws an Error whose message completes "NAME …". */
  readonly read: (text: string) => T;
}

interface Extra {
  readonly aliases?: readonly string[];
}

function setting<T>(env: string, type: string, fallback: T, doc: string, read: (text: string) => T, extra: Extra = {}) {
  return {
    env,
    type,
    fallback,
    doc,
    read,
    aliases: extra.aliases ?? [],
    secret: false,
    required: false,
    shown: Array.isArray(fallback) ? fallback.join(',') : String(fallback ?? ''),
  } satisfies Setting<T>;
}

export interface TextRules extends Extra {
  readonly pattern?: RegExp;
  /** What a pattern can't say. */
  readonly check?: (value: string) => boolean;
  /** What the text must be, in words: "must be …". */
  readonly rule?: string;
}

export function text(env: string, fallback: string, doc: string, rules: TextRules = {}): Setting<string> {
  const read = (value: string): string => {
    const { pattern, check = () => true } = rules;
    if (pattern?.test(value) === false || !check(value)) throw new Error(rules.rule ?? `must match ${pattern?.source}`);
    return value;
  };
  return setting(env, 'text', fallback, doc, read, rules);
}

/** Text that may be absent. */
export function optional(env: string, doc: string, rules: TextRules = {}): Setting<string | undefined> {
  return setting<string | undefined>(env, 'text', undefined, doc, text(env, '', doc, rules).read, rules);
}

/** A secret that may be absent; it never prints. */
export function secret(env: string, doc: string, extra: Extra = {}): Setting<Secret | undefined> {
  const read = (value: string): Secret => new Secret(value);
  return { ...setting<Secret | undefined>(env, 'secret', undefined, doc, read, extra), secret: true };
}

export function flag(env: string, fallback: boolean, doc: string, extra: Extra = {}): Setting<boolean> {
  const words = new Map([
    ['true', true],
    ['1', true],
    ['yes', true],
    ['on', true],
    ['false', false],
    ['0', false],
    ['no', false],
    ['off', false],
  ]);
  const read = (value: string): boolean => {
    const found = words.get(value.toLowerCase());
    if (found === undefined) throw new Error(`must be true or false, not "${value}"`);
    return found;
  };
  return setting(env, 'true or false', fallback, doc, read, extra);
}

export function integer(
  env: string,
  fallback: number,
  range: { readonly min: number; readonly max: number },
  doc: string,
  extra: Extra = {},
): Setting<number> {
  const rule = `a whole number from ${range.min} to ${range.max}`;
  const read = (value: string): number => {
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= range.min && number <= range.max)) throw new Error(`must be ${rule}, not "${value}"`);
    return number;
  };
  return setting(env, rule, fallback, doc, read, extra);
}

/** A share: a decimal from 0 to 1. */
export function fraction(env: string, fallback: number, doc: string, extra: Extra = {}): Setting<number> {
  const rule = 'a number from 0 to 1';
  const read = (value: string): number => {
    if (!/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/.test(value)) throw new Error(`must be ${rule}, not "${value}"`);
    return Number(value);
  };
  return setting(env, rule, fallback, doc, read, extra);
}

export function choice<const T extends string>(
  env: string,
  options: readonly T[],
  fallback: NoInfer<T>,
  doc: string,
  extra: Extra = {},
): Setting<T> {
  const read = (value: string): T => {
    const found = options.find((option) => option.toLowerCase() === value.toLowerCase());
    if (found === undefined) throw new Error(`must be one of ${options.join(', ')}, not "${value}"`);
    return found;
  };
  return setting(env, options.join(' | '), fallback, doc, read, extra);
}

/** A list: a JSON array of strings, or values separated by commas; one pair of quotes around it is taken off. */
export function list(
  env: string,
  fallback: readonly string[],
  doc: string,
  check: (item: string) => string | undefined = () => undefined,
  extra: Extra = {},
): Setting<readonly string[]> {
  const read = (value: string): readonly string[] => {
    // `docker run --env-file` leaves the quotes of a value on.
    const bare = value.replace(/^(["'])(.*)\1$/s, '$2').trim();
    const items = bare.startsWith('[') ? parseArray(bare) : bare.split(',');
    const kept = items.map((item) => item.trim()).filter((item) => item !== '');
    for (const item of kept) {
      const fault = check(item);
      if (fault) throw new Error(`has "${item}", which ${fault}`);
    }
    return kept;
  };
  return setting(env, 'list', fallback, doc, read, extra);
}

function parseArray(value: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new Error('starts like a JSON array but is not one');
  }
  if (!Array.isArray(parsed) || !parsed.every((item) => typeof item === 'string')) {
    throw new Error('must be a JSON array of strings');
  }
  return parsed;
}
