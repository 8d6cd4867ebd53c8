import { canonicalHost } from '#libs/egress';
import { fieldFault } from '../../rows/field-fault.js';
import type { UpdateToolDto } from './dto/tool-wish.dto.js';
import { JsonPath, JsonPathFault } from './json-path.js';
import { PathTemplate } from './path-template.js';
import { hasBody, type RestCall } from './rest-call.js';
import { type ToolAddress, urlOf, wishedAddress } from './tool-address.js';
import { headerFault, isHeaderValue } from './tool-header.js';

const TIMEOUT_MS = 20_000;
const QUERY_NAME = /^[\w.~:$[\]-]{1,128}$/;

/** How a body asks for a tool to be called. @param known the arguments that the tool has @throws GatewayError 422 */
export function wishedCall(wish: UpdateToolDto, known: ReadonlySet<string>, before?: RestCall): RestCall {
  const address = wishedAddress(wish, before?.url);
  const call: RestCall = {
    requestType: wish.requestType ?? before?.requestType ?? 'GET',
    url: urlOf(address),
    headers: wish.headers ?? before?.headers ?? {},
    queryMapping: wish.queryMapping ?? before?.queryMapping ?? {},
    headerMapping: wish.headerMapping ?? before?.headerMapping ?? {},
    timeoutMs: wish.timeoutMs ?? before?.timeoutMs ?? TIMEOUT_MS,
    allowlist: wish.allowlist?.map(hostOf) ?? before?.allowlist ?? [],
    jsonpathFilter: (wish.jsonpathFilter ?? before?.jsonpathFilter) || null,
  };
  refuseOtherHosts(address, call.allowlist);
  refuseBadHeaders(call);
  refuseBadQuery(call, address, known);
  refuseUnknownArguments(call, address, known);
  if (call.jsonpathFilter !== null) refuseBadFilter(call.jsonpathFilter);
  return call;
}

function hostOf(text: string): string {
  const host = canonicalHost(text);
  if (host === undefined) throw fieldFault('allowlist', `allowlist: "${text.slice(0, 100)}" is no host name`);
  return host;
}

function refuseOtherHosts({ origin }: ToolAddress, allowlist: readonly string[]): void {
  const host = canonicalHost(new URL(origin).hostname.replace(/^\[|\]$/g, ''));
  if (allowlist.length > 0 && (host === undefined || !allowlist.includes(host)))
    throw fieldFault('allowlist', 'allowlist does not hold the host of the tool');
}

function refuseBadHeaders({ headers, headerMapping }: RestCall): void {
  for (const [name, value] of Object.entries(headers)) {
    const fault = headerFault(name) ?? (isHeaderValue(value) ? undefined : 'must be printable ASCII');
    if (fault !== undefined) throw fieldFault('headers', `headers: ${name} ${fault}`);
  }
  for (const name of Object.values(headerMapping)) {
    const fault = headerFault(name);
    if (fault !== undefined) throw fieldFault('headerMapping', `headerMapping: ${name} ${fault}`);
  }
  const names = [...Object.keys(headers), ...Object.values(headerMapping)];
  refuseTwice(
    'headerMapping',
    names.map((name) => name.toLowerCase()),
  );
}

function refuseBadQuery(
  { queryMapping, requestType }: RestCall,
  { query }: ToolAddress,
  known: ReadonlySet<string>,
): void {
  const names = Object.values(queryMapping);
  const bad = names.find((name) => !QUERY_NAME.test(name));
  if (bad !== undefined) throw fieldFault('queryMapping', `queryMapping: "${bad}" is no name of a query member`);
  const plain = hasBody(requestType) ? [] : [...known].filter((name) => !Object.hasOwn(queryMapping, name));
  const fixed = new Set(new URLSearchParams(query).keys());
  const taken = [...names, ...plain].find((name) => fixed.has(name));
  if (taken !== undefined) throw fieldFault('queryMapping', `queryMapping: the query of url has "${taken}" already`);
  refuseTwice('queryMapping', names);
}

/** Each argument goes to one place, and is one of those that the schema names. */
function refuseUnknownArguments(
  { queryMapping, headerMapping }: RestCall,
  { path }: ToolAddress,
  known: ReadonlySet<string>,
): void {
  const template = PathTemplate.parse(path);
  const inPath = 'fault' in template ? [] : template.names;
  const places = {
    pathTemplate: inPath,
    queryMapping: Object.keys(queryMapping),
    headerMapping: Object.keys(headerMapping),
  };
  for (const [field, names] of Object.entries(places)) {
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined)
      throw fieldFault(field, `${field} has the argument "${unknown}", which inputSchema does not name`);
  }
  refuseTwice('pathTemplate', inPath);
  refuseTwice('headerMapping', Object.values(places).flat());
}

function refuseTwice(field: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw fieldFault(field, `${field}: "${twice}" would be used twice`);
}

function refuseBadFilter(expression: string): void {
  try {
    JsonPath.parse(expression);
  } catch (error) {
    if (error instanceof JsonPathFault) throw fieldFault('jsonpathFilter', `jsonpathFilter ${error.message}`);
    throw error;
  }
}
