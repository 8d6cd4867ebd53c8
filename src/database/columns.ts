import { Column, type ColumnOptions, PrimaryColumn } from 'typeorm';

// bigint comes back as a string from PostgreSQL and MySQL.
const epochMilliseconds = {
  to: (value: Date | null | undefined) => (value instanceof Date ? value.getTime() : value),
  from: (value: string | number | null) => (value === null ? null : new Date(Number(value))),
};
const wholeNumber = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

type Options = Pick<ColumnOptions, 'name' | 'nullable' | 'default'>;

/** Primary key: 32 lower-case hex digits (a UUID without hyphens) unless a natural key is shorter than 191. */
export const IdColumn = (name = 'id', length = 36): PropertyDecorator =>
  PrimaryColumn({ name, type: 'varchar', length });
/** A number that is part of the primary key. */
export const NumberKeyColumn = (name: string): PropertyDecorator =>
  PrimaryColumn({ name, type: 'bigint', transformer: wholeNumber });
/** Short text; 191 is the longest that MySQL can index. */
export const TextColumn = (name: string, length: number, options: Options = {}): PropertyDecorator =>
  Column({ ...options, name, type: 'varchar', length });
/** Text up to 65,535 bytes, the size of MySQL's `text`. */
export const LongTextColumn = (name: string, options: Options = {}): PropertyDecorator =>
  Column({ ...options, name, type: 'text' });
/** A JSON value kept as text, 65,535 bytes at most. */
export const JsonColumn = (name: string, options: Options = {}): PropertyDecorator =>
  Column({ ...options, name, type: 'simple-json' });
export const FlagColumn = (name: string, options: Options = {}): PropertyDecorator =>
  Column({ ...options, name, type: 'boolean' });
/** An instant, stored as milliseconds since 1970 UTC: the same order and precision on every engine, no time zone. */
export const InstantColumn = (name: string, options: Options = {}): PropertyDecorator =>
  Column({ ...options, name, type: 'bigint', transformer: epochMilliseconds });
export const NumberColumn = (name: string, options: Options = {}): PropertyDecorator =>
  Column({ ...options, name, type: 'bigint', transformer: wholeNumber });

const sealed = new WeakMap<object, readonly string[]>();
/** Text that the vault sealed for its table, the row's `id`, and the column; what seals rows anew finds it by this mark. */
export const SealedColumn =
  (name: string, options: Options = {}): PropertyDecorator =>
  (prototype, property) => {
    LongTextColumn(name, options)(prototype, property);
    sealed.set(prototype, [...(sealed.get(prototype) ?? []), name]);
  };
/** Those of the class and of the classes that it extends. */
export const sealedColumns = ({ prototype }: { readonly prototype: object }): readonly string[] => {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  const inherited = parent ? sealedColumns({ prototype: parent }) : [];
  return [...inherited, ...(sealed.get(prototype) ?? [])];
};
