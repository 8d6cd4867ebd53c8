import type { Persona } from './personas.js';
import { RegistryRows } from './registry-rows.js';
import type { RouteRow } from './route-table.js';
import { POLICY, Throwaways } from './throwaways.js';
import { newId, type Request, World } from './world.js';

/** A cell of a route: who asks about what, and what the documentation says to that. */
export interface Question {
  readonly persona: Persona;
  /** What it is about, such as a visibility; empty where there is but one. */
  readonly variant: string;
  readonly expected: string;
  readonly request: Request;
  /** In place of the persona's usual one. */
  readonly token?: string | null;
}

/** Makes the questions of a route, with all that they need. */
export type About = (ground: Ground, route: RouteRow, personas: readonly Persona[]) => Promise<Question[]>;

/** Where the matrix is asked: people, rows, and what may be broken. */
export class Ground {
  private constructor(
    readonly world: World,
    readonly rows: RegistryRows,
    readonly spare: Throwaways,
  ) {}

  static async open(): Promise<Ground> {
    const world = await World.open();
    return new Ground(world, await RegistryRows.open(world), new Throwaways(world));
  }

  async sweep(): Promise<void> {
    await this.rows.sweep();
    await this.spare.sweep();
  }

  async close(): Promise<void> {
    await this.rows.close();
    await this.world.stop();
  }

  /** @param params by name; others are filled with something that there is not */
  request(
    route: RouteRow,
    params: Readonly<Record<string, string>> = {},
    words: Readonly<Record<string, string>> = {},
  ): Request {
    const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? newId()));
    const method = route.method === 'ALL' ? 'POST' : route.method;
    if (route.body === '') return { method, path };
    const all = {
      NAME: `n${newId()}`,
      UPSTREAM: this.world.upstream.url,
      PASSWORD: 'Purple cows; never slept',
      POLICY,
      ...words,
    };
    const text = Object.entries(all).reduce((body, [word, by]) => body.replaceAll(word, by), route.body);
    return { method, path, body: JSON.parse(text) };
  }
}
