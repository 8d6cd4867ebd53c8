import {
  And,
  type FindOptionsOrder,
  type FindOptionsWhere,
  LessThan,
  MoreThanOrEqual,
  type ObjectLiteral,
  type Repository,
} from 'typeorm';
import { prefix } from './arrival-id.js';

/** A row of a log: its id is in the order of time (`arrivalId`), and it never changes. */
export interface LogRow extends ObjectLiteral {
  readonly id: string;
}

/** Sorts after every id. */
export const AFTER_ALL = 'g';

/** Which rows are wanted. */
export interface LogPage {
  readonly since?: Date | undefined;
  /** Only rows from before. */
  readonly until?: Date | undefined;
  /** The id of the last row of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The table of a log that is written in batches and forgotten by age. */
export abstract class LogRows<Row extends LogRow> {
  readonly #sql = new Map<number, string>();

  protected constructor(protected readonly rows: Repository<Row>) {}

  /** Newest first. */
  page(equal: FindOptionsWhere<Row>, { since, until, cursor = AFTER_ALL, limit }: LogPage): Promise<Row[]> {
    const end = until ? prefix(until.getTime()) : AFTER_ALL;
    const id = And(MoreThanOrEqual(since ? prefix(since.getTime()) : ''), LessThan(end < cursor ? end : cursor));
    const where = { ...equal, id } as FindOptionsWhere<Row>;
    return this.rows.find({ where, order: { id: 'DESC' } as FindOptionsOrder<Row>, take: limit });
  }

  /** One parameterised statement; TypeORM's insert builder costs five times as much per row. */
  async insertAll(batch: readonly Row[]): Promise<void> {
    const { columns } = this.rows.metadata;
    const { driver } = this.rows.manager.connection;
    const values: unknown[] = [];
    for (const row of batch) {
      for (const column of columns) {
        const value: unknown = row[column.propertyName];
        // Text and numbers are stored as they are; only the rest has to pass the driver.
        const plain = typeof value === 'string' || typeof value === 'number' || value === null;
        values.push(plain ? value : driver.preparePersistentValue(value, column));
      }
    }
    await this.rows.manager.query(this.#statement(batch.length), values);
  }

  /**
   * Deletes the oldest rows that arrived before, `most` at a time. Only SQL that every database has: none of them shares
   * a DELETE with LIMIT.
   */
  async deleteBefore(before: Date, most: number): Promise<number> {
    const end = prefix(before.getTime());
    const after = await this.rows
      .createQueryBuilder('log')
      .select('log.id', 'id')
      .where('log.id < :end', { end })
      .orderBy('log.id', 'ASC')
      .offset(most)
      .limit(1)
      .getRawOne<{ id: string }>();
    const old = this.rows
      .createQueryBuilder()
      .delete()
      .where('id < :end', { end: after?.id ?? end });
    return (await old.execute()).affected ?? 0;
  }

  #statement(count: number): string {
    const known = this.#sql.get(count);
    if (known) return known;
    const { driver } = this.rows.manager.connection;
    const { columns, tableName } = this.rows.metadata;
    const tuple = (row: number): string =>
      `(${columns.map((_, index) => driver.createParameter('value', row * columns.length + index)).join(',')})`;
    const names = columns.map((column) => driver.escape(column.databaseName)).join(',');
    const tuples = Array.from({ length: count }, (_, row) => tuple(row)).join(',');
    const sql = `INSERT INTO ${driver.escape(tableName)} (${names}) VALUES ${tuples}`;
    this.#sql.set(count, sql);
    return sql;
  }
}
