import { isJsonObject, type JsonObject } from '#libs/mcp';

const PLACE = /\{\{\s*([\w.]+)\s*\}\}/;

/** A text of JSON with places for values, `{{violation.code}}`, which can't break out of where they stand. */
export class JsonTemplate {
  /** In turn what is said and what is asked for. */
  readonly #parts: readonly string[];

  constructor(text: string) {
    this.#parts = text.split(PLACE);
  }

  render(values: JsonObject): string {
    return this.#parts.map((part, index) => (index % 2 === 0 ? part : shown(at(values, part)))).join('');
  }
}

function at(values: JsonObject, path: string): unknown {
  let value: unknown = values;
  for (const name of path.split('.')) value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : null;
  return value;
}

/** A text stands between the quotes of the template. */
function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  return typeof value === 'string' ? json.slice(1, -1) : json;
}
