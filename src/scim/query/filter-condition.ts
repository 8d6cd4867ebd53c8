import type { Filter } from 'scim2-parse-filter';
import { ScimFault } from '../scim-fault.js';

/** Where a filter finds an attribute. */
export interface FilterColumn {
  readonly sql: string;
  /**
   * `address`: kept in lower case, so that no database has to know what that is; `text`: compared without regard to the
   * case of A to Z, and of other letters as the database does; `exact`: as it is, and whole, as some databases look for
   * parts without regard to case.
   */
  readonly kind: 'address' | 'text' | 'exact' | 'flag' | 'instant';
}

/** By attribute, lower-case: names in filters have no case (RFC 7643 section 2.1). */
export type FilterColumns = Readonly<Record<string, FilterColumn>>;

export interface Condition {
  readonly sql: string;
  readonly parameters: Record<string, string | number | boolean>;
}

type Comparison = Extract<
  Filter,
  { attrPath: string; op: 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'lt' | 'ge' | 'le' }
>;

const SCHEMA = /^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/i;
const ORDER: Partial<Record<string, string>> = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' };
const PATTERN: Partial<Record<string, (text: string) => string>> = {
  co: (text) => `%${text}%`,
  sw: (text) => `${text}%`,
  ew: (text) => `%${text}`,
};

/** A filter as a condition of a query. What is compared travels as parameters. @throws ScimFault `invalidFilter` */
export function filterCondition(filter: Filter, columns: FilterColumns): Condition {
  const parameters: Condition['parameters'] = {};
  const sql = new FilterWriter(columns, parameters).write(filter, '');
  return { sql, parameters };
}

class FilterWriter {
  constructor(
    private readonly columns: FilterColumns,
    private readonly parameters: Condition['parameters'],
  ) {}

  write(filter: Filter, within: string): string {
    if ('filters' in filter)
      return `(${filter.filters.map((each) => this.write(each, within)).join(filter.op === 'and' ? ' AND ' : ' OR ')})`;
    if ('filter' in filter) return `NOT (${this.write(filter.filter, within)})`;
    if ('valFilter' in filter) return this.write(filter.valFilter, `${within}${filter.attrPath}.`);
    const column = this.#column(within + filter.attrPath);
    return 'compValue' in filter ? this.#compare(column, filter) : `(${column.sql} IS NOT NULL)`;
  }

  #column(path: string): FilterColumn {
    const name = path.replace(SCHEMA, '').toLowerCase();
    const column = Object.hasOwn(this.columns, name) ? this.columns[name] : undefined;
    if (!column)
      throw new ScimFault('invalidFilter', `filter: ${Object.keys(this.columns).join(', ')} can be compared`);
    return column;
  }

  /** Never unknown, so that `not` turns it around. */
  #compare(column: FilterColumn, { op, compValue }: Comparison): string {
    const { sql, kind } = column;
    if (compValue === null) return `(${sql} IS ${op === 'ne' ? 'NOT ' : ''}NULL)`;
    const pattern = PATTERN[op];
    const side = kind === 'text' ? `LOWER(${sql})` : sql;
    const value = valueOf(kind, compValue);
    if (pattern) {
      if (typeof value !== 'string' || kind === 'exact')
        throw new ScimFault('invalidFilter', `filter: ${op} compares text, and no ids`);
      const name = this.#parameter(pattern(value.replaceAll(/[!%_]/g, '!$&')));
      return `(${sql} IS NOT NULL AND ${side} LIKE ${name} ESCAPE '!')`;
    }
    const compared = `${side} ${ORDER[op]} ${this.#parameter(value)}`;
    return op === 'ne' ? `(${sql} IS NULL OR ${compared})` : `(${sql} IS NOT NULL AND ${compared})`;
  }

  #parameter(value: string | number | boolean): string {
    const name = `filter${Object.keys(this.parameters).length}`;
    this.parameters[name] = value;
    return `:${name}`;
  }
}

function valueOf(kind: FilterColumn['kind'], given: string | number | boolean): string | number | boolean {
  const text = String(given);
  switch (kind) {
    case 'flag':
      if (!/^(true|false)$/i.test(text)) throw new ScimFault('invalidFilter', 'filter: active is true or false');
      return text.toLowerCase() === 'true';
    case 'instant': {
      const instant = Date.parse(text);
      if (Number.isNaN(instant))
        throw new ScimFault('invalidFilter', 'filter: an instant is as in 2026-01-31T00:00:00Z');
      return instant;
    }
    case 'exact':
      return text;
    default:
      return text.toLowerCase();
  }
}
