import { isJsonObject, type WrittenNumbers } from '#libs/mcp';

/** The longest text of an argument that policies read, characters; a call with a longer one is denied. */
export const LONGEST_ARGUMENT = 16_384;

/** An argument as policies see it. */
export interface Argument {
  readonly kind: 'text' | 'number' | 'flag' | 'null' | 'list' | 'record';
  /** Of lists and records their JSON, so that nothing hides in them. */
  readonly text: string;
  /** For whole numbers that JSON carries exactly. */
  readonly number?: number;
  readonly flag?: boolean;
}

/** The value is longer than what policies are shown. */
export class ArgumentTooLongError extends Error {}

/**
 * The argument at a path: member names and list positions between dots; a dot within a name is `\.`, a backslash `\\`.
 * @param numbers of what is given, as they are written: a policy must not judge another than the upstream reads
 * @throws ArgumentTooLongError
 */
export function readArgument(given: unknown, path: string, numbers?: WrittenNumbers): Argument | undefined {
  let value = given;
  const steps = stepsOf(path);
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    if (Array.isArray(value) && step === 'length') return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  const argument = described(value, () => numbers?.stringifyLarge(value, ...steps) ?? JSON.stringify(value));
  if (argument.text.length > LONGEST_ARGUMENT) throw new ArgumentTooLongError(path);
  return argument;
}

/** What {@link readArgument} takes. */
export const isArgumentPath = (path: string): boolean => /^([^\\]|\\[.\\])+$/.test(path);

function stepsOf(path: string): string[] {
  const steps: string[] = [];
  for (const [, step = '', dot] of path.matchAll(/((?:[^.\\]|\\[^])*)(\.|$)/g)) {
    steps.push(step.replaceAll(/\\([^])/g, '$1'));
    if (dot === '') break;
  }
  return steps;
}

function described(value: unknown, json: () => string): Argument {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value === 'boolean') return { kind: 'flag', text: String(value), flag: value };
  if (typeof value === 'number')
    return { kind: 'number', text: json(), ...(Number.isSafeInteger(value) && { number: value }) };
  if (Array.isArray(value)) return { kind: 'list', text: json() };
  return isJsonObject(value) ? { kind: 'record', text: json() } : { kind: 'null', text: 'null' };
}
