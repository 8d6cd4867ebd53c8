import { administers, type Answer, DENIED, NO_SESSION, UNKNOWN_CALLER } from '../documented.js';
import type { Persona } from '../personas.js';

export const ofSomebody = ({ account }: Persona): Answer => (account === null ? UNKNOWN_CALLER : 'ok');

/** What is for people and not for their tokens. */
export const ofSession = (persona: Persona): Answer => {
  const somebody = ofSomebody(persona);
  return somebody === 'ok' && persona.credential !== 'session' ? NO_SESSION : somebody;
};

/** What is for administrators in a session that nothing narrows, whatever their roles. */
export const ofOverseer = (persona: Persona): Answer => {
  const answer = ofSession(persona);
  return answer === 'ok' && !administers(persona) ? DENIED : answer;
};
