import { type JsonObject, WrittenNumbers } from '#libs/mcp';
import { PathTemplate } from '../../registry/items/kept-tools/path-template.js';
import { hasBody, type RequestType, type RestCall } from '../../registry/items/kept-tools/rest-call.js';
import { addressOf } from '../../registry/items/kept-tools/tool-address.js';
import { isHeaderValue } from '../../registry/items/kept-tools/tool-header.js';

const LONGEST_URL = 8192;
const NO_NUMBERS = new WrittenNumbers(Buffer.alloc(0), undefined);

/** A request to the address of a kept tool, but for what every request of the gateway has. */
export interface RestRequest {
  readonly method: RequestType;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

type Json = WrittenNumbers['stringify'];

/** Arguments of which no request can be made; the message completes "the call was not made: …". */
export class ArgumentFault extends Error {}

/**
 * The request that a call of a kept tool means. Arguments fill their places and nothing else: origin, path and the query
 * and headers that the tool's maker wrote stay as they are, whatever the values.
 * @param numbers of the arguments, as they are written
 * @throws ArgumentFault
 */
export function restRequest(call: RestCall, args: JsonObject, numbers = NO_NUMBERS): RestRequest {
  // As the caller wrote them: a double would turn one order into another.
  const json: Json = (value, ...at) => numbers.stringify(value, ...at);
  const { origin, path, query } = addressOf(call.url);
  const template = PathTemplate.parse(path);
  if ('fault' in template) throw new ArgumentFault(`the path of the tool ${template.fault}`);
  const given = new Map(Object.entries(args));
  const filled = template.expand(new Map(template.names.map((name) => [name, scalar(name, given.get(name), json)])));
  if (typeof filled !== 'string') throw new ArgumentFault(`the argument ${filled.fault}`);
  const headers = { ...call.headers, ...mappedHeaders(call, given, json) };
  for (const name of [...template.names, ...Object.keys(call.headerMapping)]) given.delete(name);
  const search = queryOf(call, query, given, json);
  return {
    method: call.requestType,
    url: checkedUrl(origin, filled, search),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: hasBody(call.requestType) ? json(Object.fromEntries(given)) : undefined,
  };
}

function mappedHeaders(
  { headerMapping }: RestCall,
  given: ReadonlyMap<string, unknown>,
  json: Json,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, header] of Object.entries(headerMapping)) {
    const value = scalar(name, given.get(name), json);
    if (value === '') continue;
    if (!isHeaderValue(value))
      throw new ArgumentFault(`the argument ${name} must be printable ASCII: it is sent as a header`);
    headers[header] = value;
  }
  return headers;
}

/** The query with the arguments that belong there, which it takes out of the given ones. */
function queryOf(
  { queryMapping, requestType }: RestCall,
  fixed: string,
  given: Map<string, unknown>,
  json: Json,
): string {
  const search = new URLSearchParams(fixed);
  const taken = new Set(search.keys());
  const names = hasBody(requestType) ? Object.keys(queryMapping).filter((name) => given.has(name)) : [...given.keys()];
  for (const name of names) {
    const member = Object.hasOwn(queryMapping, name) ? (queryMapping[name] ?? name) : name;
    // Two members of one name mean one thing here and another there.
    if (taken.has(member))
      throw new ArgumentFault(`the argument ${name} would stand beside another ${member} in the query`);
    taken.add(member);
    for (const each of valuesOf(name, given.get(name), json)) search.append(member, each);
  }
  for (const name of names) given.delete(name);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** Whatever the values were: the request goes to the tool's origin, and to the path that was filled in. */
function checkedUrl(origin: string, path: string, search: string): URL {
  const text = origin + path + search;
  if (text.length > LONGEST_URL)
    throw new ArgumentFault(`the arguments make a URL of more than ${LONGEST_URL} characters`);
  const url = new URL(text);
  if (url.origin !== origin || url.pathname !== path || url.hash !== '' || url.username !== '')
    throw new ArgumentFault('the arguments lead to another address than that of the tool');
  return url;
}

function scalar(name: string, value: unknown, json: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return json(value, name);
  if (value === undefined || value === null) return '';
  throw new ArgumentFault(`the argument ${name} must be text, a number or a boolean`);
}

/** Of an array each, of null none. */
function valuesOf(name: string, value: unknown, json: Json): string[] {
  const text = (each: unknown, ...path: (string | number)[]): string[] =>
    each === null || each === undefined ? [] : [typeof each === 'string' ? each : json(each, ...path)];
  return Array.isArray(value) ? value.flatMap((each, index) => text(each, name, index)) : text(value, name);
}
