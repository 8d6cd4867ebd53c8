import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { And, LessThan, MoreThanOrEqual, Repository } from 'typeorm';
import { prefix } from './arrival-id.js';
import { UsageLogRow } from './usage-log.entity.js';

export interface UsageFilter {
  readonly tokenJti?: string;
  readonly userEmail?: string;
  readonly serverId?: string;
  readonly outcome?: string;
  readonly mcpMethod?: string;
  readonly since?: Date;
  /** The id of the last row of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

const AFTER_ALL = 'g';

@Injectable()
export class UsageLogRepository {
  readonly #sql = new Map<number, string>();

  constructor(@InjectRepository(UsageLogRow) private readonly rows: Repository<UsageLogRow>) {}

  /** One parameterised statement; TypeORM's insert builder costs five times as much per row. */
  async insertAll(batch: readonly UsageLogRow[]): Promise<void> {
    const { columns } = this.rows.metadata;
    const { driver } = this.rows.manager.connection;
    const values: unknown[] = [];
    for (const row of batch) {
      for (const column of columns) {
        const value = row[column.propertyName as keyof UsageLogRow];
        // Text and numbers are stored as they are; only the rest has to pass the driver.
        const plain = typeof value === 'string' || typeof value === 'number' || value === null;
        values.push(plain ? value : driver.preparePersistentValue(value, column));
      }
    }
    await this.rows.manager.query(this.#statement(batch.length), values);
  }

  find(filter: UsageFilter): Promise<UsageLogRow[]> {
    const { tokenJti, userEmail, serverId, outcome, mcpMethod, since, cursor, limit } = filter;
    return this.rows.find({
      where: {
        ...(tokenJti !== undefined && { tokenJti }),
        ...(userEmail !== undefined && { userEmail }),
        ...(serverId !== undefined && { serverId }),
        ...(outcome !== undefined && { outcome }),
        ...(mcpMethod !== undefined && { mcpMethod }),
        id: And(MoreThanOrEqual(since ? prefix(since.getTime()) : ''), LessThan(cursor ?? AFTER_ALL)),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /**
   * Deletes the oldest rows that arrived before, `most` at a time. Only SQL that every database has: none of them shares
   * a DELETE with LIMIT.
   */
  async deleteBefore(before: Date, most: number): Promise<number> {
    const end = prefix(before.getTime());
    const [after] = await this.rows.find({
      select: { id: true },
      where: { id: LessThan(end) },
      order: { id: 'ASC' },
      skip: most,
      take: 1,
    });
    const { affected } = await this.rows.delete({ id: LessThan(after?.id ?? end) });
    return affected ?? 0;
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
