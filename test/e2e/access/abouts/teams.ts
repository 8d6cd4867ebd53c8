import { administers, type Answer, atDoor, BAD, DENIED, HIDDEN, holds, holdsInTeam } from '../documented.js';
import type { About, Question } from '../ground.js';
import { addressOf, type Persona } from '../personas.js';
import type { RouteRow } from '../route-table.js';
import { ofSession } from './callers.js';

type Judge = (persona: Persona, isPublic: boolean, route: RouteRow) => Answer;

/** A team in which the personas are what they are in the team of the rows; each cell has one of its own. */
const about =
  (judge: Judge): About =>
  async (ground, route, personas) => {
    const questions: Question[] = [];
    for (const visibility of ['private', 'public'] as const) {
      for (const persona of personas) {
        const { id: teamId, ...spare } = await ground.spare.team(visibility, persona.account ?? 'jo');
        const params = { teamId, ...spare, email: addressOf('mia') };
        const answer = judge(persona, visibility === 'public', route);
        questions.push({
          persona,
          variant: `${visibility} team`,
          expected: answer === 'ok' ? route.ok : answer,
          request: ground.request(route, params),
          token: ground.world.credentialOf(persona, teamId),
        });
      }
    }
    return questions;
  };

/** In a team, what its members hold there counts; from outside, what they hold anywhere. */
function atTeam(persona: Persona, { permission }: RouteRow): Answer {
  if (persona.account === null) return atDoor(persona, permission, false);
  const held = persona.inTeam === undefined ? holds(persona, permission) : holdsInTeam(persona, permission);
  return held ? 'ok' : DENIED;
}

/** What of a team is known to those who are not in it. */
const fromOutside = (isPublic: boolean): Answer => (isPublic ? DENIED : HIDDEN);

const of =
  (enough: (persona: Persona) => boolean): Judge =>
  (persona, isPublic, route) => {
    const door = atTeam(persona, route);
    if (door !== 'ok' || administers(persona)) return door;
    if (persona.inTeam === undefined) return fromOutside(isPublic);
    return enough(persona) ? 'ok' : DENIED;
  };

export const teamMember = about(of(() => true));
export const teamOwner = about(of(({ ownsTeam }) => ownsTeam === true));

/** What runs for the tools of a team is known to those in the team only, however public the team is. */
export const teamBindings = about((persona, _, { permission }) => {
  const door = atDoor(persona, permission, true);
  if (door !== 'ok' || administers(persona)) return door;
  return persona.inTeam === undefined ? HIDDEN : 'ok';
});

/** An invitation to the team is known to those in the team only, however public the team is. */
export const invitation = about((persona, _, { permission }) => {
  const door = atDoor(persona, permission, false);
  if (door !== 'ok' || administers(persona)) return door;
  if (persona.inTeam === undefined) return HIDDEN;
  return persona.ownsTeam ? 'ok' : DENIED;
});

/** An invitation to the caller. */
export const accept = about((persona) => {
  const answer = ofSession(persona);
  return answer === 'ok' && persona.inTeam !== undefined ? BAD : answer;
});

/** The only owner can't. */
export const leave = about((persona, isPublic, route) => {
  const door = atTeam(persona, route);
  if (door !== 'ok') return door;
  if (persona.inTeam !== undefined) return persona.ownsTeam ? BAD : 'ok';
  return isPublic || administers(persona) ? BAD : HIDDEN;
});

/** Entering takes a credential that nothing narrows. */
export const join = about((persona, isPublic, route) => {
  const door = atTeam(persona, route);
  if (door !== 'ok') return door;
  if (persona.narrowed !== undefined) return DENIED;
  if (persona.inTeam !== undefined) return BAD;
  if (isPublic) return 'ok';
  return administers(persona) ? DENIED : HIDDEN;
});

export const withdraw = about((persona, _, route) => {
  const door = atTeam(persona, route);
  if (door !== 'ok') return door;
  return persona.narrowed === undefined ? 'ok' : DENIED;
});

/** The tokens of a team are its members' business alone. */
export const teamTokens = about((persona) => {
  const answer = ofSession(persona);
  return answer === 'ok' && persona.inTeam === undefined ? HIDDEN : answer;
});
export const teamToken = about((persona) => {
  const answer = ofSession(persona);
  return answer === 'ok' && persona.inTeam === undefined ? BAD : answer;
});
