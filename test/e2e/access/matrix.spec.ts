import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Route, routesOf } from '../../../src/http/routes.js';
import { ABOUTS } from './abouts.js';
import { type Cell, wrongCells } from './cells.js';
import { Ground } from './ground.js';
import { PERSONAS } from './personas.js';
import { type RouteRow, ROUTES } from './route-table.js';

const keyOf = ({ method, path }: Pick<RouteRow, 'method' | 'path'>): string => `${method} ${path}`;

/** The row that a route without one would need. */
function wantedRow({ method, path, policy }: Route): string {
  const permission = policy && 'permission' in policy ? policy.permission : '';
  return `add to test/e2e/access/routes: ${method} ${path} | ${permission} | ${Object.keys(ABOUTS).join(' or ')} | 200`;
}

describe('who may do what, on every route', () => {
  let ground: Ground;
  let routes: ReadonlyMap<string, Route>;
  let cells = 0;

  beforeAll(async () => {
    ground = await Ground.open();
    routes = new Map(routesOf(ground.world.running.gateway.app).map((route) => [keyOf(route), route]));
  });
  afterEach(() => ground.sweep());
  afterAll(async () => {
    await ground.close();
  });

  it('has a row for each route, with the permission that the route asks for', () => {
    const rows = new Map(ROUTES.map((row) => [keyOf(row), row]));
    expect([...routes.values()].filter((route) => !rows.has(keyOf(route))).map(wantedRow)).toEqual([]);
    expect([...rows.keys()].filter((key) => !routes.has(key))).toEqual([]);
    const asked = [...routes].map(([key, { policy }]) => [
      key,
      policy && 'permission' in policy ? policy.permission : '',
    ]);
    expect(asked).toEqual(asked.map(([key = '']) => [key, rows.get(key)?.permission]));
  });

  it.each(ROUTES.map((row) => [keyOf(row), row] as const))('%s', async (_, route) => {
    const about = ABOUTS[route.about];
    if (!about) throw new Error(`nothing is known of "${route.about}"`);
    const questions = await about(ground, route, PERSONAS);
    const asked = questions.map(({ persona, variant, expected, request, token }, at): Cell => {
      // Every other one under the name of the version, which must make no difference.
      const path = at % 2 === 0 ? request.path : `/v1${request.path}`;
      const name = [`${route.method} ${at % 2 === 0 ? '' : '/v1'}${route.path}`, persona.name, variant];
      return {
        name: name.filter((part) => part !== '').join(' × '),
        expected,
        ask: () => ground.world.answer(persona, { ...request, path }, token),
      };
    });
    cells += asked.length;
    expect(await wrongCells(asked)).toEqual([]);
  });

  it('was asked thousands of questions', () => {
    expect(cells).toBeGreaterThan(3000);
  });
});
