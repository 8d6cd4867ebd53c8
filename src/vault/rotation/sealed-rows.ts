import { Injectable } from '@nestjs/common';
import { DataSource, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { sealedColumns } from '../../database/columns.js';

/** A column that holds sealed values. */
export interface SealedPlace {
  readonly table: string;
  readonly column: string;
  /** What the entity calls it. */
  readonly property: string;
}

export interface SealedRow {
  readonly id: string;
  readonly sealed: string;
}

/** How many values of a column. */
export interface SealedCount {
  readonly table: string;
  readonly column: string;
  readonly values: number;
}

/** Every sealed value of the database, wherever it is. */
@Injectable()
export class SealedRows {
  constructor(private readonly database: DataSource) {}

  get places(): readonly SealedPlace[] {
    return this.database.entityMetadatas.flatMap((metadata) => {
      const { target, tableName: table } = metadata;
      if (typeof target !== 'function') return [];
      return sealedColumns(target).map((column) => {
        const property = metadata.findColumnWithDatabaseName(column)?.propertyName ?? column;
        return { table, column, property };
      });
    });
  }

  /** Those that another key sealed, in the order of their ids. */
  others(place: SealedPlace, keyId: string, after: string, limit: number): Promise<SealedRow[]> {
    return this.#values(place, 'NOT LIKE', keyId)
      .select('row.id', 'id')
      .addSelect(`row.${place.property}`, 'sealed')
      .andWhere('row.id > :after', { after })
      .orderBy('row.id')
      .limit(limit)
      .getRawMany<SealedRow>();
  }

  /** False when the value is another by now: whoever wrote it is right. */
  async replace({ table, property }: SealedPlace, { id, sealed }: SealedRow, anew: string): Promise<boolean> {
    const update = this.database.createQueryBuilder().update<ObjectLiteral>(table);
    const { affected } = await update
      .set({ [property]: anew })
      .where({ id, [property]: sealed })
      .execute();
    return affected === 1;
  }

  /** How many values the key sealed. */
  async count(keyId: string): Promise<number> {
    return sum(await this.#counts('LIKE', keyId));
  }

  /** How many values any other key sealed. */
  async countOthers(keyId: string): Promise<number> {
    return sum(await this.othersIn(keyId));
  }

  /** Where there are values that any other key sealed, and how many. */
  othersIn(keyId: string): Promise<SealedCount[]> {
    return this.#counts('NOT LIKE', keyId);
  }

  async #counts(test: 'LIKE' | 'NOT LIKE', keyId: string): Promise<SealedCount[]> {
    const counts: SealedCount[] = [];
    for (const place of this.places) {
      const values = await this.#values(place, test, keyId).getCount();
      if (values > 0) counts.push({ table: place.table, column: place.column, values });
    }
    return counts;
  }

  /** A value names its key at its beginning; one that is null is `LIKE` nothing, nor unlike it. */
  #values(
    { table, property }: SealedPlace,
    test: 'LIKE' | 'NOT LIKE',
    keyId: string,
  ): SelectQueryBuilder<ObjectLiteral> {
    return this.database
      .getRepository(table)
      .createQueryBuilder('row')
      .where(`row.${property} ${test} :prefix`, { prefix: `pc1.${keyId}.%` });
  }
}

const sum = (counts: readonly SealedCount[]): number => counts.reduce((total, { values }) => total + values, 0);
