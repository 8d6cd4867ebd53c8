import { LIST } from './schema-urns.js';

/** RFC 7644 section 3.4.2. */
export interface ListResponse<R> {
  readonly schemas: readonly string[];
  readonly totalResults: number;
  readonly startIndex: number;
  readonly itemsPerPage: number;
  readonly Resources: readonly R[];
}

export const listResponse = <R>(rows: readonly R[], totalResults = rows.length, startIndex = 1): ListResponse<R> => ({
  schemas: [LIST],
  totalResults,
  startIndex,
  itemsPerPage: rows.length,
  Resources: rows,
});
