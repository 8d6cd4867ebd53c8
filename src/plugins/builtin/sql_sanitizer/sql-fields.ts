const SQL = /^sql(?:_?(?:query|statement|text|string))?$/i;

/** Which texts are looked at, and which of them are SQL whatever they look like. */
export class SqlFields {
  readonly #names: ReadonlySet<string> | undefined;

  /** @param names null for all */
  constructor(names: readonly string[] | null) {
    this.#names = names ? new Set(names) : undefined;
  }

  has(label: string | undefined): boolean {
    return this.#names === undefined || (label !== undefined && this.#names.has(label));
  }

  /** `query` may be a question in English; who lists it says that it is SQL. */
  isSql(label: string | undefined): boolean {
    return label !== undefined && (this.#names ? this.#names.has(label) : SQL.test(label));
  }
}
