import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'dotenv';

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables a process starts with, `.env` under them. The only reader of `process.env` in the house. */
export class Environment {
  readonly #process: Variables;
  readonly #file: Variables;
  readonly #defaults: Variables;

  constructor(variables: Variables, file: Variables = {}, defaults: Variables = {}) {
    this.#process = variables;
    this.#file = file;
    this.#defaults = defaults;
  }

  /** `process.env` over the `.env` of the working directory, if there is one. */
  static ofProcess(path = '.env'): Environment {
    return new Environment(process.env, existsSync(path) ? parse(readFileSync(path)) : {});
  }

  /** The same, with values for what neither the process nor the file sets. */
  withDefaults(defaults: Variables): Environment {
    return new Environment(this.#process, this.#file, defaults);
  }

  /** The same, with values that win over all others. */
  withOverrides(values: Variables): Environment {
    return new Environment({ ...this.#process, ...values }, this.#file, this.#defaults);
  }

  /** The trimmed text of a variable; an empty one counts as absent, as in a Kubernetes manifest. */
  get(name: string): string | undefined {
    for (const source of [this.#process, this.#file, this.#defaults]) {
      const value = Object.hasOwn(source, name) ? source[name]?.trim() : undefined;
      if (value) return value;
    }
    return undefined;
  }

  fileNames(): string[] {
    return Object.keys(this.#file);
  }

  processNames(): string[] {
    return Object.keys(this.#process);
  }
}
