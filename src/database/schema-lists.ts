import type { MigrationInterface } from 'typeorm';

export type EntityClass = new (...args: never[]) => object;
/** Its name ends in 13 digits, the milliseconds since 1970 at which it was written; they give the order. */
export type MigrationClass = new () => MigrationInterface;

/** What a build knows of the database. */
export interface SchemaLists {
  readonly entities: readonly EntityClass[];
  readonly migrations: readonly MigrationClass[];
}
