import { atDoor } from '../documented.js';
import type { About, Question } from '../ground.js';

/** A role, an account, and that the account has the role where the route is about that. */
export const role: About = async (ground, route, personas) => {
  const questions: Question[] = [];
  for (const persona of personas) {
    const answer = atDoor(persona, route.permission, route.method === 'GET');
    const email = await ground.spare.account();
    const id = await ground.spare.role(route.path.endsWith('/:role_id') ? email : undefined);
    const request = ground.request(route, { id, role_id: id, email }, { ROLE: id });
    questions.push({ persona, variant: '', expected: answer === 'ok' ? route.ok : answer, request });
  }
  return questions;
};

/** A policy that is a draft. */
export const policy: About = async (ground, route, personas) => {
  const questions: Question[] = [];
  for (const persona of personas) {
    const answer = atDoor(persona, route.permission, route.method === 'GET');
    const request = ground.request(route, { id: await ground.spare.policy() });
    questions.push({ persona, variant: '', expected: answer === 'ok' ? route.ok : answer, request });
  }
  return questions;
};
