import { onNewRow, onRow, SHAPE_NAMES, type ShapeName, SHAPES } from '../documented.js';
import type { About, Question } from '../ground.js';
import { type Kind, KINDS } from '../registry-rows.js';

const PARAMETER = /:(\w+)/;

/** Rows of the registry in each shape; every cell that might change one has a copy of its own. */
export const row =
  (...kinds: Kind[]): About =>
  async (ground, route, personas) => {
    const questions: Question[] = [];
    for (const kind of kinds)
      for (const shape of SHAPE_NAMES) questions.push(...(await ofShape(kind, shape)(ground, route, personas)));
    return questions;
  };

/** Those of upstreams would come back: they are disabled, and deleted there. */
export const deleted =
  (ofUpstreams: Kind, kept: Kind): About =>
  async (ground, route, personas) => [
    ...(await row(ofUpstreams)(ground, { ...route, ok: '409 conflict' }, personas)),
    ...(await row(kept)(ground, route, personas)),
  ];

const ofShape =
  (kind: Kind, shape: ShapeName): About =>
  async (ground, route, personas) => {
    const [, parameter = ''] = PARAMETER.exec(route.path) ?? [];
    const uses = /\.(read|use)$/.test(route.permission);
    const copies = uses ? [] : await ground.rows.copies(kind, shape, personas.length);
    return personas.map((persona, at) => {
      const reads = route.method === 'GET';
      const answer = onRow(persona, route.permission, `${KINDS[kind].noun}.read`, SHAPES[shape], reads);
      const request = ground.request(route, { [parameter]: copies[at] ?? ground.rows.id(kind, shape) });
      const variant = kind.startsWith('kept') ? `${shape}, kept` : shape;
      return { persona, variant, expected: answer === 'ok' ? route.ok : answer, request };
    });
  };

/** A row that is to look so. */
export const newRow: About = async (ground, route, personas) =>
  SHAPE_NAMES.flatMap((shape) =>
    personas.map((persona) => {
      const answer = onNewRow(persona, route.permission, SHAPES[shape]);
      const { visibility, inTeam } = SHAPES[shape];
      const words = { VISIBILITY: visibility, ...(inTeam ? { TEAM: ground.world.team } : { '"TEAM"': 'null' }) };
      const request = ground.request(route, {}, words);
      return { persona, variant: shape, expected: answer === 'ok' ? route.ok : answer, request };
    }),
  );
