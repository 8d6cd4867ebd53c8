import { FieldRules } from '#libs/fields';
import { shownUrl } from '../../gateways/upstream-url.js';
import { MASK } from '../../gateways/credential.js';
import { fieldFault } from '../../rows/field-fault.js';
import { PathTemplate } from './path-template.js';

const ADDRESS = /^(https?:\/\/[^/?#]+)([^?#]*)(\?[^#]*)?$/i;

const ARGUMENT = /[{}]/;
const ONLY_IN_PATH = 'must name arguments in its path only; queryMapping is for the query';

/** Where a tool is called: `origin + path + query` is its URL. */
export interface ToolAddress {
  /** Scheme, host and port. */
  readonly origin: string;
  /** With `{argument}` in it. */
  readonly path: string;
  /** Begins with `?`, or is empty; it may hold secrets. */
  readonly query: string;
}

/** The members of a body that say where a tool is. */
export interface AddressWish {
  readonly url?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly pathTemplate?: string | undefined;
}

/** @param url as it is stored */
export function addressOf(url: string): ToolAddress {
  const [, origin = '', path = '', query = ''] = ADDRESS.exec(url) ?? [];
  return { origin, path, query };
}

export const urlOf = ({ origin, path, query }: ToolAddress): string => origin + path + query;

/**
 * The address that a body asks for: `url`, or `baseUrl` and `pathTemplate`.
 * @param before what is stored, when a tool is changed
 * @throws GatewayError 422 naming the field
 */
export function wishedAddress({ url, baseUrl, pathTemplate }: AddressWish, before?: string): ToolAddress {
  const wished = url === undefined ? fromParts({ baseUrl, pathTemplate }, before) : fromUrl(url, before);
  if (url !== undefined && baseUrl !== undefined && originOf(baseUrl) !== wished.origin)
    throw fieldFault('baseUrl', 'baseUrl and url name different origins: give one of them');
  if (url !== undefined && pathTemplate !== undefined && pathTemplate !== wished.path)
    throw fieldFault('pathTemplate', 'pathTemplate and url name different paths: give one of them');
  const template = PathTemplate.parse(wished.path);
  if ('fault' in template) throw fieldFault(url === undefined ? 'pathTemplate' : 'url', `the path ${template.fault}`);
  return wished;
}

function fromUrl(url: string, before: string | undefined): ToolAddress {
  if (before !== undefined && (url === before || url === shownUrl(before))) return addressOf(before);
  if (url.includes(`=${MASK}`)) throw fieldFault('url', 'url holds a mask: give the values of its query again');
  const [, origin = '', path = '', query = ''] = ADDRESS.exec(url) ?? [];
  const fault = FieldRules.STANDARD.fault('url', url) ?? (ARGUMENT.test(origin + query) ? ONLY_IN_PATH : undefined);
  if (fault !== undefined) throw fieldFault('url', `url ${fault}`);
  return { origin: originOf(origin, 'url'), path: path || '/', query };
}

function fromParts({ baseUrl, pathTemplate }: Omit<AddressWish, 'url'>, before: string | undefined): ToolAddress {
  const stored = before === undefined ? undefined : addressOf(before);
  const origin = baseUrl === undefined ? stored?.origin : originOf(baseUrl);
  if (origin === undefined) throw fieldFault('url', 'url is required', 'missing');
  const query = stored?.query ?? '';
  // What stands in the query may be a secret of the host before.
  if (query !== '' && origin !== stored?.origin)
    throw fieldFault('baseUrl', 'baseUrl moves a tool whose url has a query: give url as a whole');
  return { origin, path: pathTemplate ?? stored?.path ?? '/', query };
}

function originOf(text: string, field = 'baseUrl'): string {
  const fault = FieldRules.STANDARD.fault('url', text) ?? (ARGUMENT.test(text) ? ONLY_IN_PATH : undefined);
  if (fault !== undefined) throw fieldFault(field, `${field} ${fault}`);
  const url = new URL(text);
  if (url.pathname !== '/' || url.search !== '') throw fieldFault(field, `${field} must be scheme, host and port only`);
  return url.origin;
}
