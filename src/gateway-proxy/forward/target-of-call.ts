import type { IncomingMessage } from 'node:http';
import type { CallerIdentity, UpstreamTarget } from '#libs/mcp';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import {
  passthroughFault,
  UPSTREAM_AUTHORIZATION,
  VAULT_TOKENS,
} from '../../registry/passthrough/passthrough-names.js';

/** Bytes; Node reads headers as latin1, a character of which is one. */
const LONGEST_VALUE = 4096;

/** A request, each of whose headers is read as often as it was sent. */
export type GivenHeaders = Pick<IncomingMessage, 'headersDistinct'>;

/** What guardrails say of headers, in lower case: a value, or null for one that must not go up. */
export type GuardedHeaders = Readonly<Record<string, string | null>>;

/** Where a call goes, with those of its headers that the gateway passes on, what guardrails set among them, and who calls. */
export function targetOfCall(
  gateway: CatalogGateway,
  request: GivenHeaders,
  guarded?: GuardedHeaders,
  identity?: CallerIdentity,
): UpstreamTarget {
  const target = identity ? { ...gateway.target, identity } : gateway.target;
  if (gateway.passthrough.length === 0 && !guarded) return target;
  const passed = passedOn(gateway, request);
  for (const name in guarded) delete passed[sentAs(name)];
  const headers = { ...passed, ...settableHeaders(guarded) };
  return Object.keys(headers).length === 0 ? target : { ...target, passedOn: headers };
}

/** What may go up: a guardrail can say who calls, but not break the message in which it does. */
export function settableHeaders(guarded: GuardedHeaders = {}): Record<string, string> {
  const settable = ([name, value]: [string, string | null]): boolean =>
    value !== null &&
    (name === 'authorization' || passthroughFault(name) === undefined) &&
    value.length <= LONGEST_VALUE &&
    !/[^\t\x20-\x7e\x80-\xff]/.test(value);
  return Object.fromEntries(Object.entries(guarded).filter((entry): entry is [string, string] => settable(entry)));
}

/** The header by which the upstream gets a header of the caller. */
const sentAs = (name: string): string => (name === UPSTREAM_AUTHORIZATION ? 'authorization' : name);

function passedOn({ passthrough }: CatalogGateway, request: GivenHeaders): Record<string, string> {
  const given = request.headersDistinct;
  const ofConnection = new Set(given['connection']?.flatMap((names) => names.toLowerCase().split(/[\s,]+/)));
  const passed = passthrough.flatMap((name): [string, string][] => {
    const value =
      ofConnection.has(name) || name === VAULT_TOKENS ? undefined : passable(given[name], given['authorization']?.[0]);
    return value === undefined ? [] : [[sentAs(name), value]];
  });
  return Object.fromEntries(passed);
}

/**
 * Nothing longer than the limit is cut short: half of a value may mean something else. Of two of one name nobody knows
 * which counts.
 */
function passable(values: readonly string[] | undefined, credential: string | undefined): string | undefined {
  const [value, ...others] = values ?? [];
  if (value === undefined || others.length > 0) return undefined;
  const clean = value.replaceAll(/\p{Control}/gu, '').trim();
  if (clean === '' || clean.length > LONGEST_VALUE || holdsToken(clean, credential)) return undefined;
  return clean;
}

/** The token by which the caller is known here goes to no upstream, in whatever header it was sent. */
function holdsToken(value: string, credential: string | undefined): boolean {
  const token = credential?.slice(credential.indexOf(' ') + 1).trim();
  return token !== undefined && token !== '' && value.includes(token);
}
