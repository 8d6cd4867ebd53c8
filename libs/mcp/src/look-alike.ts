import type { JsonObject } from './json-rpc.js';

/** Members by their folded name. */
const OF_MESSAGE = foldedNames('jsonrpc', 'id', 'method', 'params', 'result', 'error');
const OF_PARAMS = foldedNames('name', 'uri', 'taskId', 'arguments', '_meta');
const KNOWN: ReadonlySet<string> = new Set([...OF_MESSAGE.values(), ...OF_PARAMS.values()]);

/**
 * The known member that another member of the message could be taken for. Some JSON decoders ignore case (`Method`,
 * `paramſ`) or stop at a NUL, and an upstream with such a decoder would act on a value that nobody has judged.
 */
export function lookAlike(message: JsonObject, params: JsonObject | undefined): string | undefined {
  return lookAlikeAmong(message, OF_MESSAGE) ?? (params && lookAlikeAmong(params, OF_PARAMS));
}

function lookAlikeAmong(object: JsonObject, names: ReadonlyMap<string, string>): string | undefined {
  for (const key in object) {
    if (KNOWN.has(key)) continue;
    const known = names.get(fold(key)) ?? names.get(fold(key.split('\u0000', 1)[0] ?? key));
    if (known !== undefined) return known;
  }
  return undefined;
}

function foldedNames(...names: string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [fold(name), name]));
}

/** Upper case first: the long s has an upper case that is plain ASCII, the Kelvin sign only a lower one. */
function fold(name: string): string {
  return name
    .replaceAll(/[^\u0021-\u007e\u0080-\u{10ffff}]/gu, '')
    .toUpperCase()
    .toLowerCase();
}
