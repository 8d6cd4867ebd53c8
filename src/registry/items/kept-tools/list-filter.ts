import { isJsonObject } from '#libs/mcp';
import { GatewayError } from '../../../http/errors.js';
import { JsonPath, JsonPathFault } from './json-path.js';

const MOST_NAMES = 20;

/**
 * What a caller wants of a list: the values that one JSONPath finds in it, each as an object of what further ones find in
 * the value, where a mapping is given.
 */
export class ListFilter {
  private constructor(
    private readonly path: JsonPath,
    private readonly mapping: ReadonlyMap<string, JsonPath> | undefined,
  ) {}

  /** @param text JSON of `jsonpath` and `mapping` @throws GatewayError 422 */
  static parse(text: string): ListFilter {
    const wish = readJson(text);
    if (!isJsonObject(wish)) throw queryFault('must be a JSON object');
    const { jsonpath = '$[*]', mapping, ...others } = wish;
    if (typeof jsonpath !== 'string' || Object.keys(others).length > 0)
      throw queryFault('must hold jsonpath, a text, and mapping, an object, and nothing else');
    if (mapping === undefined || mapping === null) return new ListFilter(pathOf(jsonpath), undefined);
    if (!isJsonObject(mapping) || Object.keys(mapping).length > MOST_NAMES)
      throw queryFault(`must have an object of at most ${MOST_NAMES} expressions as mapping`);
    const paths = Object.entries(mapping).map(([name, path]): [string, JsonPath] => [name, pathOf(path)]);
    return new ListFilter(pathOf(jsonpath), new Map(paths));
  }

  /** @throws GatewayError 422 when it takes too long or finds too much */
  of(list: readonly object[]): unknown[] {
    try {
      return JsonPath.bounded(() => this.#select(list));
    } catch (error) {
      throw error instanceof JsonPathFault ? queryFault(error.message) : error;
    }
  }

  #select(list: readonly object[]): unknown[] {
    const found = this.path.all(list);
    const { mapping } = this;
    return mapping ? found.map((value) => mapped(value, mapping)) : found;
  }
}

const mapped = (value: unknown, mapping: ReadonlyMap<string, JsonPath>): object =>
  Object.fromEntries([...mapping].map(([name, path]) => [name, path.select(value) ?? null]));

function pathOf(text: unknown): JsonPath {
  if (typeof text !== 'string') throw queryFault('must have texts as expressions');
  try {
    return JsonPath.parse(text);
  } catch (error) {
    throw error instanceof JsonPathFault ? queryFault(error.message) : error;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw queryFault('must be JSON');
  }
}

const queryFault = (rule: string): GatewayError =>
  new GatewayError('validation_failed', [
    { loc: ['query', 'apijsonpath'], msg: `apijsonpath ${rule}`, type: 'jsonpath' },
  ]);
