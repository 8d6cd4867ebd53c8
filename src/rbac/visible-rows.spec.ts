import libsql from 'libsql';
import { DataSource, Entity } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_TEAMS, canSee, PUBLIC_ONLY, type TeamScope, VISIBILITIES, type Visibility } from '#libs/policy';
import { memberOf, narrowedTo, somebody } from '../../test/fixtures/principals.js';
import { IdColumn, TextColumn } from '../database/columns.js';
import { visibleRows } from './visible-rows.js';

@Entity('owned_things')
class OwnedThing {
  @IdColumn() id: string;
  @TextColumn('visibility', 16) visibility: Visibility;
  @TextColumn('team_id', 36, { nullable: true }) teamId: string | null;
  @TextColumn('owner_email', 255, { nullable: true }) ownerEmail: string | null;
}

const PEOPLE = ['ann@example.com', 'bob@example.com'];
const TEAMS = ['red', 'blue'];
const ROWS = VISIBILITIES.flatMap((visibility) =>
  [...PEOPLE, null].flatMap((ownerEmail) =>
    [...TEAMS, null].map((teamId) => ({
      id: [visibility, ownerEmail, teamId].join('/'),
      visibility,
      ownerEmail,
      teamId,
    })),
  ),
);
const IDS = [[], ['red'], ['blue'], ['red', 'blue'], ['elsewhere']];
const SCOPES: TeamScope[] = [ALL_TEAMS, PUBLIC_ONLY, ...IDS.flatMap((ids) => [memberOf(...ids), narrowedTo(...ids)])];
const PRINCIPALS = [...PEOPLE, 'eve@example.com', ''].flatMap((subject) =>
  SCOPES.map((teams) => somebody(subject, teams)),
);

describe(visibleRows.name, () => {
  const database = new DataSource({
    type: 'better-sqlite3',
    driver: libsql,
    database: ':memory:',
    entities: [OwnedThing],
    synchronize: true,
  });
  beforeAll(async () => {
    await database.initialize();
    await database.manager.insert(OwnedThing, ROWS);
  });
  afterAll(() => database.destroy());

  it.each(PRINCIPALS.map((who) => [`${who.subject} ${describeScope(who.teams)}`, who] as const))(
    'finds for %s exactly what canSee lets through',
    async (_, who) => {
      const found = await database.manager
        .createQueryBuilder(OwnedThing, 'thing')
        .where(visibleRows(who, 'thing'))
        .getMany();
      const expected = ROWS.filter((row) => canSee(who, row));
      expect(found.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
    },
  );

  it('stays one condition beside others', async () => {
    const who = somebody(PEOPLE[0] ?? '', ALL_TEAMS);
    const query = database.manager
      .createQueryBuilder(OwnedThing, 'thing')
      .where('1 = 0')
      .andWhere(visibleRows(who, 'thing'));
    expect(await query.getCount()).toBe(0);
  });
});

function describeScope(scope: TeamScope): string {
  return scope.kind === 'teams'
    ? `${scope.narrowed ? 'narrowed to' : 'member of'} [${[...scope.ids].join()}]`
    : scope.kind;
}
