import type { IncomingMessage } from 'node:http';
import type { UpstreamTarget } from '#libs/mcp';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import { UPSTREAM_AUTHORIZATION } from '../../registry/passthrough/passthrough-names.js';

/** Bytes; Node reads headers as latin1, a character of which is one. */
const LONGEST_VALUE = 4096;

/** A request, each of whose headers is read as often as it was sent. */
export type GivenHeaders = Pick<IncomingMessage, 'headersDistinct'>;

/** Where a call goes, with those of its headers that the gateway passes on. */
export function targetOfCall({ target, passthrough }: CatalogGateway, request: GivenHeaders): UpstreamTarget {
  if (passthrough.length === 0) return target;
  const given = request.headersDistinct;
  const ofConnection = new Set(given['connection']?.flatMap((names) => names.toLowerCase().split(/[\s,]+/)));
  const passed = passthrough.flatMap((name): [string, string][] => {
    const value = ofConnection.has(name) ? undefined : passable(given[name], given['authorization']?.[0]);
    return value === undefined ? [] : [[name === UPSTREAM_AUTHORIZATION ? 'authorization' : name, value]];
  });
  return passed.length === 0 ? target : { ...target, passedOn: Object.fromEntries(passed) };
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
