import { type TeamRole, TEAM_ROLES } from '../../teams/team-member.entity.js';
import type { TeamMapping } from './provider-options.js';

/** Groups in one mapping. */
export const MOST_MAPPINGS = 200;
const LONGEST_GROUP = 255;
const LONGEST_ROLE = 191;
const TEAM_ID = /^[0-9a-fA-F-]{32,36}$/;

/** Whether it gives the name of a role by group. */
export const isRoleMappings = (value: unknown): value is Readonly<Record<string, string>> =>
  isMapping(value, (role) => typeof role === 'string' && role !== '' && role.length <= LONGEST_ROLE);

/** Whether it gives a team, and what somebody is in it, by group. */
export const isTeamMappings = (value: unknown): value is Readonly<Record<string, TeamMapping>> =>
  isMapping(value, (entry) => {
    if (!isObject(entry)) return false;
    const { team_id: team, role, ...others } = entry;
    const known = TEAM_ROLES.includes(role as TeamRole) && Object.keys(others).length === 0;
    return typeof team === 'string' && TEAM_ID.test(team) && known;
  });

function isMapping(value: unknown, sound: (entry: unknown) => boolean): boolean {
  const entries = isObject(value) ? Object.entries(value) : undefined;
  if (!entries || entries.length > MOST_MAPPINGS) return false;
  return entries.every(([group, entry]) => group.length <= LONGEST_GROUP && sound(entry));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
