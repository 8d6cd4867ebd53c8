import { type Answer, atDoor, DENIED, HIDDEN } from '../documented.js';
import type { About, Question } from '../ground.js';
import type { Persona } from '../personas.js';
import { ofOverseer, ofSession } from './callers.js';

/** An account that somebody administers. */
export const account: About = async (ground, route, personas) => {
  const questions: Question[] = [];
  for (const persona of personas) {
    const answer = atDoor(persona, route.permission, route.method === 'GET');
    const request = ground.request(route, { email: await ground.spare.account() });
    questions.push({ persona, variant: '', expected: answer === 'ok' ? route.ok : answer, request });
  }
  return questions;
};

const TOKENS = ['own', 'of somebody', 'of somebody for the team'] as const;

/** An API token; owners of its team may see it and take it back, and only its user may change it. */
function onToken(persona: Persona, variant: (typeof TOKENS)[number], changes: boolean): Answer {
  const answer = ofSession(persona);
  if (answer !== 'ok' || variant === 'own') return answer;
  if (variant === 'of somebody' || !persona.ownsTeam) return HIDDEN;
  return changes ? DENIED : 'ok';
}

export const token: About = async (ground, route, personas) => {
  const questions: Question[] = [];
  for (const variant of TOKENS) {
    for (const persona of personas) {
      const whose = variant === 'own' ? (persona.account ?? 'jo') : 'mia';
      const id = await ground.spare.token(whose, variant === 'of somebody for the team' ? ground.world.team : null);
      const answer = onToken(persona, variant, route.method === 'PUT');
      questions.push({
        persona,
        variant,
        expected: answer === 'ok' ? route.ok : answer,
        request: ground.request(route, { id }),
      });
    }
  }
  return questions;
};

/** Everybody's tokens. */
export const oversight: About = async (ground, route, personas) => {
  const questions: Question[] = [];
  for (const persona of personas) {
    const answer = ofOverseer(persona);
    const request = ground.request(route, { id: await ground.spare.token('mia', null) });
    questions.push({ persona, variant: '', expected: answer === 'ok' ? route.ok : answer, request });
  }
  return questions;
};
