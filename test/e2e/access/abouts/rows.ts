import { onNewRow, onRow, SHAPE_NAMES, SHAPES } from '../documented.js';
import type { About, Question } from '../ground.js';
import { type Kind, KINDS } from '../registry-rows.js';

const PARAMETER = /:(\w+)/;

/** One row of the registry in each shape; every cell that might change it has a copy of its own. */
export const row =
  (kind: Kind): About =>
  async (ground, route, personas) => {
    const questions: Question[] = [];
    const [, parameter = ''] = PARAMETER.exec(route.path) ?? [];
    const reads = route.method === 'GET' || route.method === 'ALL';
    for (const shape of SHAPE_NAMES) {
      const copies = reads ? [] : await ground.rows.copies(kind, shape, personas.length);
      for (const [at, persona] of personas.entries()) {
        const answer = onRow(persona, route.permission, `${KINDS[kind].noun}.read`, SHAPES[shape], reads);
        const request = ground.request(route, { [parameter]: copies[at] ?? ground.rows.id(kind, shape) });
        questions.push({ persona, variant: shape, expected: answer === 'ok' ? route.ok : answer, request });
      }
    }
    return questions;
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
