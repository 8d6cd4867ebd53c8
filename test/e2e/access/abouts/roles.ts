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

/** A policy that is a draft: one for all who are refused, as making one is dear. */
export const policy: About = async (ground, route, personas) => {
  const questions: Question[] = [];
  const refused = await ground.spare.policy();
  for (const persona of personas) {
    const answer = atDoor(persona, route.permission, route.method === 'GET');
    const id = answer === 'ok' ? await ground.spare.policy() : refused;
    const expected = answer === 'ok' ? route.ok : answer;
    questions.push({ persona, variant: '', expected, request: ground.request(route, { id }) });
  }
  return questions;
};
