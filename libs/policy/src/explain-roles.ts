import type { Asked } from './explain-credential.js';
import { failed, passed, type Step } from './explain-step.js';
import type { HeldRole } from './grants.js';
import { PLATFORM_PERMISSIONS } from './permissions.js';
import { heldOn, isForeign, isOwnPrivate, USES } from './place.js';
import { isWholeScope } from './team-scope.js';
import type { OwnedRow } from './visibility.js';

/** Roles named in one sentence. */
const MOST_NAMES = 10;

/** Whether any role grants it: in the team of a route, anywhere for a row, whose place comes later. */
export function explainRoles(asked: Asked, row: OwnedRow | undefined): Step {
  const { principal, action, teamId, context } = asked;
  const { grants, roles } = principal;
  const inTeam = row || teamId === undefined ? undefined : grants.inTeams.get(teamId);
  const looked = inTeam ? roles.filter((role) => role.scope === 'global' || role.teamId === teamId) : roles;
  const named = looked.filter(context.mayName);
  if ((inTeam ?? grants.anywhere).has(action)) {
    const granting = named.filter((role) => grantsThere(role, asked));
    return passed(
      'roles',
      `${action} is granted by ${listed(
        granting.map((role) => shown(role, asked)),
        'roles that are not shown here',
      )}.`,
    );
  }
  const names = listed(
    named.map((role) => shown(role, asked)),
    'none',
  );
  return failed('roles', `No role grants ${action}; looked at: ${names}.`, roleFor(asked, row));
}

/** Whether what is held is held where the row is. */
export function explainPlace(asked: Asked, row: OwnedRow): Step {
  const { principal, action } = asked;
  const where = placeOf(asked, row);
  const foreign = principal.isAdmin && principal.teams.kind === 'all' && isForeign(principal, row);
  if (heldOn(principal, action, row) && !foreign) return passed('place', `${action} is held ${where}.`);
  return failed('place', `${action} is not held ${where}.`, roleFor(asked, row));
}

/** Where a permission has to be held for a row, in words. */
function placeOf({ principal, action, teamId, context }: Asked, row: OwnedRow | undefined): string {
  if (!row) return teamId === undefined ? 'anywhere' : `in the team ${context.teamName(teamId)}`;
  if (row.visibility === 'public' && USES.test(action))
    return 'everywhere or in a team with others, as public rows need it';
  if (row.teamId !== null) return `in the team ${context.teamName(row.teamId)}, to which the row belongs`;
  return isOwnPrivate(principal, row)
    ? "over the user's own private things"
    : 'everywhere, as rows without a team need it';
}

function roleFor(asked: Asked, row: OwnedRow | undefined): string {
  const { action, context, teamId } = asked;
  const platform = PLATFORM_PERMISSIONS.has(action);
  const inTeam = !platform && (row ? row.teamId !== null || (row.visibility === 'public' && USES.test(action)) : true);
  const own = !platform && row !== undefined && isOwnPrivate(asked.principal, row);
  const scopes = ['global', ...(inTeam ? ['team'] : []), ...(own ? ['personal'] : [])];
  const having = context.roles.filter(({ scope, permissions }) => scopes.includes(scope) && permissions.has(action));
  const where = platform && (row || teamId === undefined) ? 'everywhere' : placeOf(asked, row);
  const reach = isWholeScope(asked.principal.teams)
    ? ''
    : ', as far as the credential reaches (a sign-in, or a token that names its team)';
  return `a role with ${action} ${where}${reach}; there are: ${listed(
    having.map(({ name }) => name),
    'none, so one would have to be made',
  )}`;
}

/** A role that does not hold everywhere grants nothing about the platform. */
const grantsThere = ({ scope, permissions }: HeldRole, { action }: Asked): boolean =>
  permissions.has(action) && (scope === 'global' || !PLATFORM_PERMISSIONS.has(action));

function shown({ name, scope, teamId, source }: HeldRole, { context }: Asked): string {
  const local = teamId === null ? 'over own things' : `in ${context.teamName(teamId)}`;
  return `${name} ${scope === 'global' ? 'everywhere' : local} (${source})`;
}

function listed(names: readonly string[], none: string): string {
  if (names.length === 0) return none;
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return names.slice(0, MOST_NAMES).join(', ') + more;
}
