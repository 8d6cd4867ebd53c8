import type { Principal, Visibility } from '#libs/policy';
import { Brackets, type SelectQueryBuilder } from 'typeorm';
import { visibleRows } from '../../rbac/visible-rows.js';
import { encodeCursor, type PageCursor } from '../../http/page-cursor.js';
import type { RegistryRow } from './registry-row.js';

export interface PageWish {
  /** 1 to 500. */
  readonly limit: number;
  readonly after?: PageCursor | undefined;
  /** Rows with at least one of these; an empty list finds nothing. */
  readonly tags?: readonly string[] | undefined;
  readonly visibility?: Visibility | undefined;
  readonly teamId?: string | undefined;
  /** Only rows that have tags at all. */
  readonly tagged?: boolean;
}

/** What a list may be asked for besides. */
export interface ListWish extends PageWish {
  readonly includeInactive: boolean;
  readonly gatewayId?: string | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined;
}

/**
 * One page of what the principal can see, newest first. The filter is part of the query, so that pages are full and a
 * cursor never skips or repeats a row.
 * @param alias of the rows in the query
 */
export async function registryPage<Row extends RegistryRow>(
  query: SelectQueryBuilder<Row>,
  alias: string,
  principal: Principal,
  { limit, after, tags, visibility, teamId, tagged }: PageWish,
): Promise<Page<Row>> {
  query.andWhere(visibleRows(principal, alias));
  if (visibility !== undefined) query.andWhere(`${alias}.visibility = :visibility`, { visibility });
  if (teamId !== undefined) query.andWhere(`${alias}.teamId = :teamId`, { teamId });
  if (tags) query.andWhere(anyTag(alias, tags));
  if (tagged) query.andWhere(`${alias}.tags <> '[]'`);
  if (after) {
    query.andWhere(
      `(${alias}.createdAt < :afterTime OR (${alias}.createdAt = :afterTime AND ${alias}.id < :afterId))`,
      { afterTime: after.createdAt, afterId: after.id },
    );
  }
  query.orderBy(`${alias}.createdAt`, 'DESC').addOrderBy(`${alias}.id`, 'DESC');
  const rows = await query.limit(limit + 1).getMany();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { rows: page, nextCursor: last && encodeCursor({ createdAt: last.createdAt.getTime(), id: last.id }) };
}

/** Tags hold no character that means something to LIKE or JSON, so the stored text can be searched. */
function anyTag(alias: string, tags: readonly string[]): Brackets {
  return new Brackets((where) => {
    where.where('1 = 0');
    for (const [index, tag] of tags.entries())
      where.orWhere(`${alias}.tags LIKE :tag${index}`, { [`tag${index}`]: `%"${tag}"%` });
  });
}
