import type { Principal } from '#libs/policy';
import { Brackets } from 'typeorm';

/**
 * The rows that a principal can see, as a condition, so that a list can be paged exactly. It says what `canSee` of
 * `#libs/policy` says, which a test compares row by row; {@link AccessService} still decides about each row that is shown.
 *
 * @param alias of an entity with `visibility`, `teamId` and `ownerEmail`
 */
export function visibleRows({ teams: scope, subject }: Principal, alias: string): Brackets {
  return new Brackets((where) => {
    where.where(`${alias}.visibility = 'public'`);
    if (scope.kind === 'public') return;
    const mine = `${alias}.visibility = 'private' AND ${alias}.ownerEmail = :visibleOwner`;
    const owner = { visibleOwner: subject };
    if (scope.kind === 'all') {
      where.orWhere(`${alias}.visibility = 'team'`).orWhere(`(${mine})`, owner);
      return;
    }
    if (!scope.narrowed) where.orWhere(`(${mine})`, owner);
    if (scope.ids.size === 0) return;
    const teams = { visibleTeams: [...scope.ids] };
    where.orWhere(`(${alias}.visibility = 'team' AND ${alias}.teamId IN (:...visibleTeams))`, teams);
    if (scope.narrowed) {
      where.orWhere(`(${mine} AND ${alias}.teamId IN (:...visibleTeams))`, { ...owner, ...teams });
    }
  });
}
