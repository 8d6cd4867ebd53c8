import { type Answer, atDoor } from '../documented.js';
import type { About } from '../ground.js';
import type { Persona } from '../personas.js';
import type { RouteRow } from '../route-table.js';
import { ofSession, ofSomebody } from './callers.js';

/** Routes that are about nothing in particular. */
const about =
  (expected: (persona: Persona, route: RouteRow) => Answer): About =>
  async (ground, route, personas) =>
    personas.map((persona) => {
      const answer = expected(persona, route);
      return { persona, variant: '', expected: answer === 'ok' ? route.ok : answer, request: ground.request(route) };
    });

export const everyone = about(() => 'ok');
export const signedIn = about(ofSomebody);
/** For people, not for their tokens. */
export const session = about(ofSession);
/** Whoever holds the permission anywhere. */
export const list = about((persona, { permission, method }) => atDoor(persona, permission, method === 'GET'));
