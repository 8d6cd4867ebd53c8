import type { TableColumnOptions, TableForeignKeyOptions } from 'typeorm';

type More = Partial<TableColumnOptions>;

/** A column that is never null, unless `more` says so. */
export const column = (name: string, type: string, more: More = {}): TableColumnOptions => ({
  name,
  type,
  isNullable: false,
  ...more,
});
export const text = (name: string, length: number, more: More = {}): TableColumnOptions =>
  column(name, 'varchar', { length: String(length), ...more });
export const key: More = { isPrimary: true };
export const nullable: More = { isNullable: true };

/** A reference to the `id` of another table; what refers goes with what it refers to. */
export const reference = (name: string, columnName: string, table: string): TableForeignKeyOptions => ({
  name,
  columnNames: [columnName],
  referencedTableName: table,
  referencedColumnNames: ['id'],
  onDelete: 'CASCADE',
  onUpdate: 'NO ACTION',
});
