import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'dotenv';

/** The variables a process starts with, `.env` under them. The only reader of `process.env` in the house. */
export class Environment {
  readonly #process: Readonly<Record<string, string | undefined>>;
  readonly #file: Readonly<Record<string, string>>;
  readonly #defaults: Readonly<Record<string, string>>;

  constructor(
    variables: Readonly<Record<string, string | undefined>>,
    file: Readonly<Record<string, string>> = {},
    defaults: Readonly<Record<string, string>> = {},
  ) {
    this.#process = variables;
    this.#file = file;
    this.#defaults = defaults;
  }

  /** `process.env` over the `.env` of the working directory, if there is one. */
  static ofProcess(path = '.env'): Environment {
    return new Environment(process.env, existsSync(path) ? parse(readFileSync(path)) : {});
  }

  /** The same, with values for what neither the process nor the file sets. */
  withDefaults(defaults: Readonly<Record<string, string>>): Environment {
    return new Environment(this.#process, this.#file, defaults);
  }

  /** The trimmed text of a variable; an empty one counts as absent, as in a Kubernetes manifest. */
  get(name: string): string | undefined {
    const value = (this.#process[name] ?? this.#file[name] ?? this.#defaults[name])?.trim();
    return value === '' ? undefined : value;
  }

  fileNames(): string[] {
    return Object.keys(this.#file);
  }

  processNames(): string[] {
    return Object.keys(this.#process);
  }
}
