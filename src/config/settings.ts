import type { Setting } from './setting.js';

export type Shape = Readonly<Record<string, Setting<unknown>>>;

export type Values<S extends Shape> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/** A settings class: its static half describes, its instances hold the values. */
export interface SettingsClass<S extends Shape = Shape> {
  readonly title: string;
  readonly shape: S;
  /**
   * What is wrong with values that are each right: one line a fault, each naming its setting.
   * @param earlier the classes that were loaded before this one
   */
  readonly check: (values: Values<S>, earlier: Loaded) => readonly string[];
  new (values: Values<S>): Values<S>;
}

/** Any settings class, when only its description matters. */
export interface AnySettings {
  readonly title: string;
  readonly shape: Shape;
  readonly check: (values: never, earlier: Loaded) => readonly string[];
  new (values: never): object;
}

/** Instances by their class. */
export type Loaded = ReadonlyMap<AnySettings, object>;

/**
 * The base of every `x.settings.ts`: `class DatabaseSettings extends settings('Database', { … }) {}`.
 * @param check for rules that take several settings together; asked only when each of them is right
 */
export function settings<const S extends Shape>(
  title: string,
  shape: S,
  check: (values: Values<S>, earlier: Loaded) => readonly string[] = () => [],
): SettingsClass<S> {
  class Described {
    static readonly title = title;
    static readonly shape = shape;
    static readonly check = check;

    constructor(values: Values<S>) {
      Object.freeze(Object.assign(this, values));
    }
  }
  return Described as typeof Described & SettingsClass<S>;
}
