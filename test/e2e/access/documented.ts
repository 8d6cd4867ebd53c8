import { addressOf, type Persona } from './personas.js';

/**
 * What the documentation says, written down once more and by hand: the built-in roles, the table of visibility, and who
 * may change what. Nothing here asks the gateway or the libraries that it decides with.
 */
const READS = 'gateways.read servers.read tools.read resources.read prompts.read tags.read teams.read servers.use';
const VIEWER = `${READS} teams.join tools.execute tokens.create tokens.read tokens.update tokens.revoke`;
const MAKES = ['gateways', 'servers', 'tools', 'resources', 'prompts'].map(
  (noun) => `${noun}.create ${noun}.update ${noun}.delete`,
);
const DEVELOPER = [VIEWER, 'plugins.read', ...MAKES].join(' ');

const ROLES = {
  nobody: 'servers.use tools.read tools.execute resources.read prompts.read',
  platform_viewer: VIEWER.replace(' tools.execute', ''),
  viewer: VIEWER,
  developer: DEVELOPER,
  team_admin: `${DEVELOPER} teams.create teams.update teams.delete teams.manage_members tools.manage_plugins`,
  platform_admin: '*',
  /** Made for the matrix. */
  auditor: `${VIEWER.replace(' tools.execute', '')} admin.security_audit`,
  master: '*',
};
export type RoleName = keyof typeof ROLES;

/** Whose a row is and who sees it; the team is that of the personas. */
export interface Shape {
  readonly visibility: 'private' | 'team' | 'public';
  readonly inTeam: boolean;
}

export const SHAPES = {
  private: { visibility: 'private', inTeam: false },
  'private in the team': { visibility: 'private', inTeam: true },
  team: { visibility: 'team', inTeam: true },
  public: { visibility: 'public', inTeam: false },
  'public in the team': { visibility: 'public', inTeam: true },
} as const satisfies Record<string, Shape>;
export type ShapeName = keyof typeof SHAPES;
export const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];

/** Every row of the matrix is hers. */
export const ROW_OWNER = addressOf('olga');

/** `ok`, or the status and code of the refusal. */
export type Answer = string;
export const [UNKNOWN_CALLER, DENIED, HIDDEN, NO_SESSION, BAD] = [
  '401 authentication_required',
  '403 access_denied',
  '404 not_found',
  '403 session_required',
  '400 bad_request',
] as const;

const grants = (role: RoleName | undefined, permission: string): boolean =>
  role !== undefined && (ROLES[role] === '*' || ROLES[role].split(' ').includes(permission));

const ofPlatform = (permission: string): boolean => /^(admin\.|policies\.|audit:|scim\.)/.test(permission);

/** An administrator whose credential nothing narrows. */
export const administers = ({ everywhere }: Persona): boolean => everywhere === 'platform_admin';

/** Whether a role grants it anywhere at all; what is about the platform, only everywhere, and only with a whole credential. */
export function holds(persona: Persona, permission: string): boolean {
  const { everywhere, inTeam, elsewhere, personal, narrowed } = persona;
  if (grants(everywhere, permission)) return narrowed === undefined || !ofPlatform(permission);
  return !ofPlatform(permission) && [inTeam, elsewhere, personal].some((role) => grants(role, permission));
}

export function sees(
  { account, narrowed, inTeam, ...persona }: Persona,
  { visibility, inTeam: ofTeam }: Shape,
): boolean {
  if (visibility === 'public') return true;
  if (account === null || narrowed === 'to nothing') return false;
  const ofOwnTeam = ofTeam && inTeam !== undefined;
  if (visibility === 'team') return ofOwnTeam || administers({ account, ...persona });
  const mine = addressOf(account) === ROW_OWNER;
  return mine && (narrowed === undefined || ofOwnTeam);
}

/** Whether it is held where the row is. Public rows may be used by whoever holds it in any team that others are in too. */
export function holdsOn(persona: Persona, permission: string, shape: Shape): boolean {
  const { everywhere, inTeam, elsewhere, personal, account } = persona;
  if (grants(everywhere, permission)) return true;
  const uses = /\.(read|execute|use)$/.test(permission);
  if (shape.visibility === 'public' && uses) return grants(inTeam, permission) || grants(elsewhere, permission);
  if (shape.inTeam) return grants(inTeam, permission);
  const ownPrivate = shape.visibility === 'private' && account !== null && addressOf(account) === ROW_OWNER;
  return ownPrivate && grants(personal, permission);
}

export const holdsInTeam = ({ everywhere, inTeam }: Persona, permission: string): boolean =>
  grants(everywhere, permission) || grants(inTeam, permission);

/** What a route says that asks for a permission and is about nothing in particular. */
export function atDoor(persona: Persona, permission: string, reads = true): Answer {
  if (persona.account === null) {
    // Without a credential, where they are let in, people read; all else takes somebody.
    return !persona.closed && reads && grants('nobody', permission) ? 'ok' : UNKNOWN_CALLER;
  }
  return holds(persona, permission) ? 'ok' : DENIED;
}

/** @param least what it takes to be told of the row at all, such as `tools.read`: to others there is none */
export function onRow(persona: Persona, permission: string, least: string, shape: Shape, reads = true): Answer {
  const door = atDoor(persona, permission, reads);
  if (door !== 'ok') return door;
  if (!sees(persona, shape) || !holdsOn(persona, least, shape)) return HIDDEN;
  const changes = /\.(update|delete)$/.test(permission);
  if (!changes || administers(persona)) return 'ok';
  const owns = persona.account !== null && addressOf(persona.account) === ROW_OWNER;
  const ownsPlace = shape.inTeam && persona.ownsTeam === true;
  return holdsOn(persona, permission, shape) && (owns || ownsPlace) ? 'ok' : DENIED;
}

/** Making a row that is to look so: in the place where it goes, and not where its maker could not see it. */
export function onNewRow(persona: Persona, permission: string, shape: Shape): Answer {
  const door = atDoor(persona, permission, false);
  if (door !== 'ok' || administers(persona)) return door;
  const { narrowed, inTeam, everywhere, personal } = persona;
  if (shape.inTeam) return inTeam !== undefined && grants(inTeam, permission) ? 'ok' : DENIED;
  if (shape.visibility === 'public') return grants(everywhere, permission) ? 'ok' : DENIED;
  return narrowed === undefined && grants(personal, permission) ? 'ok' : DENIED;
}
