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

/** The value is longer than what policies are shown, or can't be told from another. */
export class UnreadableArgumentError extends Error {}

/**
 * The argument at a path: member names and list positions between dots; a dot within a name is `\.`, a backslash `\\`.
 * @param numbers of what is given, as they are written
 * @throws UnreadableArgumentError
 */
export function readArgument(given: unknown, path: string, numbers?: WrittenNumbers): Argument | undefined {
  let value = given;
  for (const step of stepsOf(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    if (Array.isArray(value) && step === 'length') return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  const argument = described(value, numbers);
  if (argument.text.length > LONGEST_ARGUMENT) throw new UnreadableArgumentError(path);
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

function described(value: unknown, numbers: WrittenNumbers | undefined): Argument {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value === 'boolean') return { kind: 'flag', text: String(value), flag: value };
  if (typeof value === 'number')
    return { kind: 'number', text: json(value, numbers), ...(Number.isSafeInteger(value) && { number: value }) };
  if (Array.isArray(value)) return { kind: 'list', text: json(value, numbers) };
  return isJsonObject(value) ? { kind: 'record', text: json(value, numbers) } : { kind: 'null', text: 'null' };
}

/** A policy must not judge another number than the one that the upstream reads. */
function json(value: unknown, numbers: WrittenNumbers | undefined): string {
  try {
    return numbers?.stringifyMoved(value) ?? JSON.stringify(value);
  } catch {
    throw new UnreadableArgumentError('a number');
  }
}
