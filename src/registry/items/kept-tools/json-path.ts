import { createContext, Script } from 'node:vm';
import { JSONPathEnvironment, JSONPathError, type JSONPathQuery, type JSONValue } from 'json-p3';

/** Longest expression, in characters. */
export const LONGEST_JSON_PATH = 1000;
/** Longest that evaluations may hold the process up, milliseconds. */
const LONGEST_MS = 100;
/** Largest that what they find may be, characters of JSON; what is found a thousand times counts as often. */
const MOST_FOUND = 16 * 1024 * 1024;

const ENVIRONMENT = new JSONPathEnvironment();
const WATCHED = createContext({ run: undefined as (() => unknown) | undefined });
const RUN = new Script('run()');

/** An expression that can't be evaluated, or not in time. The message completes "the expression …". */
export class JsonPathFault extends Error {}

/** An expression of RFC 9535, as somebody wrote it who may be out to hold the gateway up. */
export class JsonPath {
  private constructor(private readonly query: JSONPathQuery) {}

  /** @throws JsonPathFault */
  static parse(text: string): JsonPath {
    if (text.length > LONGEST_JSON_PATH) throw new JsonPathFault(`is longer than ${LONGEST_JSON_PATH} characters`);
    try {
      return new JsonPath(ENVIRONMENT.compile(text));
    } catch (error) {
      if (error instanceof JSONPathError) throw new JsonPathFault(`is no JSONPath: ${error.message}`, { cause: error });
      throw error;
    }
  }

  /**
   * Runs what evaluates expressions. A few lists of selectors, or a regular expression, can cost ages, or find one value so
   * often that its JSON would fill the memory: Node stops whatever runs inside a script that has a time limit, also what
   * belongs to no sandbox.
   * @throws JsonPathFault
   */
  static bounded<T>(work: () => T): T {
    let result: T | undefined;
    WATCHED['run'] = (): void => {
      result = work();
      if (sizeOf(result, new Map()) > MOST_FOUND) throw new JsonPathFault(`finds more than ${MOST_FOUND} characters`);
    };
    try {
      RUN.runInContext(WATCHED, { timeout: LONGEST_MS });
      return result as T;
    } catch (error) {
      if (error instanceof JSONPathError) throw new JsonPathFault(`fails: ${error.message}`, { cause: error });
      if (!isTimeout(error)) throw error;
      throw new JsonPathFault(`takes longer than ${LONGEST_MS} ms`, { cause: error });
    } finally {
      WATCHED['run'] = undefined;
    }
  }

  /** Every value that is found; to be called {@link bounded}. */
  all(value: unknown): unknown[] {
    return this.query.query(value as JSONValue).values();
  }

  /** The one value that an expression without wildcards, slices and filters means, else all; undefined for none. */
  select(value: unknown): unknown {
    const found = this.all(value);
    return this.query.singularQuery() ? found[0] : found;
  }
}

/** It is an error of the other context, so no instance of ours. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** Characters of JSON, but for escapes; a value that is found often is measured once. */
function sizeOf(value: unknown, known: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return String(value).length + 3;
  const before = known.get(value);
  if (before !== undefined) return before;
  let size = 2;
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item, known);
  else for (const [name, member] of Object.entries(value)) size += name.length + 4 + sizeOf(member, known);
  known.set(value, size);
  return size;
}
