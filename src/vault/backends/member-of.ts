import { isJsonObject, type JsonObject } from '#libs/mcp';

/** What is at a path of members; undefined where there is nothing. */
export function memberOf(value: JsonObject, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
}

/** The same where it has to be a text that is not empty. @throws what `fault` makes */
export function textOf(value: JsonObject, fault: () => Error, ...path: readonly string[]): string {
  const found = memberOf(value, ...path);
  if (typeof found !== 'string' || found === '') throw fault();
  return found;
}
