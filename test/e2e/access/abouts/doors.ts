import { atDoor, onRow, SHAPE_NAMES, SHAPES } from '../documented.js';
import type { About } from '../ground.js';
import type { RouteRow } from '../route-table.js';
import type { Persona } from '../personas.js';

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

/** A message; of a stream, which would not end, what is no stream. */
const asking = ({ method }: RouteRow) =>
  method === 'GET' ? { headers: { accept: 'application/json' } } : { body: LIST };

/** The endpoint of everything. */
export const door: About = async (ground, route, personas) =>
  personas.map((persona) => {
    const answer = atDoor(persona, route.permission);
    const request = { ...ground.request(route), ...asking(route) };
    return { persona, variant: '', expected: answer === 'ok' ? route.ok : answer, request };
  });

/** The endpoint of a virtual server: who may open it need not be allowed to read its row. */
export const serverDoor: About = async (ground, route, personas) =>
  SHAPE_NAMES.flatMap((shape) =>
    personas.map((persona: Persona) => {
      const answer = onRow(persona, route.permission, 'servers.use', SHAPES[shape]);
      const request = { ...ground.request(route, { serverId: ground.rows.id('server', shape) }), ...asking(route) };
      return { persona, variant: shape, expected: answer === 'ok' ? route.ok : answer, request };
    }),
  );
