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
  count(keyId: string): Promise<number> {
    return this.#sum('LIKE', keyId);
  }

  /** How many values any other key sealed. */
  countOthers(keyId: string): Promise<number> {
    return this.#sum('NOT LIKE', keyId);
  }

  async #sum(test: 'LIKE' | 'NOT LIKE', keyId: string): Promise<number> {
    let sum = 0;
    for (const place of this.places) sum += await this.#values(place, test, keyId).getCount();
    return sum;
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
