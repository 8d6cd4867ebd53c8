import type { Filter } from 'scim2-parse-filter';
import { ScimFault } from '../scim-fault.js';
import { type Projection, readProjection } from './projection.js';
import { readFilter } from './scim-filter.js';

const MOST_ROWS = 200;
const USUAL_ROWS = 100;
const LAST_INDEX = 1_000_000;

/** What a list is asked for (RFC 7644 section 3.4.2); parameters that are not known are let be, because identity providers add some. */
export interface ScimQuery {
  readonly filter: Filter | undefined;
  /** Of the first row, from 1. */
  readonly startIndex: number;
  /** Rows of the page, 0 to 200. */
  readonly count: number;
  readonly projection: Projection;
}

export type QueryParameters = Readonly<Record<string, unknown>>;

/** @throws ScimFault 400 */
export function readScimQuery(given: QueryParameters): ScimQuery {
  const filter = textOf(given, 'filter');
  return {
    filter: filter === undefined ? undefined : readFilter(filter),
    startIndex: Math.min(Math.max(1, numberOf(given, 'startIndex') ?? 1), LAST_INDEX),
    count: Math.min(Math.max(0, numberOf(given, 'count') ?? USUAL_ROWS), MOST_ROWS),
    projection: readProjection(textOf(given, 'attributes'), textOf(given, 'excludedAttributes')),
  };
}

/** Of what is asked for by its id. */
export const readShown = (given: QueryParameters): Projection =>
  readProjection(textOf(given, 'attributes'), textOf(given, 'excludedAttributes'));

function textOf(given: QueryParameters, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new ScimFault('invalidValue', `${name} is given more than once`);
}

function numberOf(given: QueryParameters, name: string): number | undefined {
  const value = textOf(given, name);
  if (value === undefined || /^-?\d{1,15}$/.test(value)) return value === undefined ? undefined : Number(value);
  throw new ScimFault('invalidValue', `${name} must be a whole number`);
}
