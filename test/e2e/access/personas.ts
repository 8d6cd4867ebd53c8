import type { RoleName } from './documented.js';

/** People with an account. `mia` is only there to be spoken of. */
export const ACCOUNTS = ['otto', 'vera', 'dan', 'tess', 'olga', 'bea', 'root', 'mia', 'jo', 'audra', 'max'] as const;
export type Account = (typeof ACCOUNTS)[number] | 'admin';

/** The team of the rows, and what each is in it. */
export const RED = {
  tess: 'owner',
  vera: 'member',
  dan: 'member',
  olga: 'member',
  root: 'member',
  mia: 'member',
  audra: 'member',
  max: 'member',
} as const;

/** Who asks, and which roles the guide of access gives them. */
export interface Persona {
  readonly name: string;
  /** Null for a caller without a credential. */
  readonly account: Account | null;
  readonly credential: 'none' | 'session' | 'API token';
  /** The gateway lets nobody in without a credential, or lets them in to what is public. */
  readonly closed: boolean;
  /** To what the credential itself is narrowed; undefined for all that its user has. */
  readonly narrowed?: 'to the team' | 'to nothing';
  readonly everywhere: RoleName;
  readonly inTeam?: RoleName;
  /** In a team that the rows are not of, and that others are in too. */
  readonly elsewhere?: RoleName;
  /** Over what is private and of no team. */
  readonly personal?: RoleName;
  readonly ownsTeam?: true;
}

const session = {
  credential: 'session',
  closed: false,
  everywhere: 'platform_viewer',
  personal: 'team_admin',
} as const;
const apiToken = { credential: 'API token', closed: false, everywhere: 'platform_viewer' } as const;
const nobody = { account: null, credential: 'none', everywhere: 'nobody' } as const;

export const PERSONAS: readonly Persona[] = [
  { name: 'anonymous', ...nobody, closed: true },
  { name: 'anonymous, let in', ...nobody, closed: false },
  // The owner's own: it must not reach his private rows.
  { name: 'public-only token', account: 'olga', ...apiToken, narrowed: 'to nothing' },
  { name: 'outsider', account: 'otto', ...session },
  { name: 'viewer', account: 'vera', ...session, inTeam: 'viewer' },
  { name: 'developer', account: 'dan', ...session, inTeam: 'developer' },
  { name: 'team admin', account: 'tess', ...session, inTeam: 'team_admin', ownsTeam: true },
  { name: 'owner', account: 'olga', ...session, inTeam: 'developer' },
  {
    name: 'token of the owner for the team',
    account: 'olga',
    ...apiToken,
    narrowed: 'to the team',
    inTeam: 'developer',
  },
  { name: 'other team', account: 'bea', ...session, elsewhere: 'team_admin' },
  { name: 'platform admin', account: 'admin', ...session, everywhere: 'platform_admin' },
  { name: 'narrowed admin', account: 'root', ...apiToken, narrowed: 'to the team', inTeam: 'viewer' },
  // Who was given more: something of the platform, everywhere; and everything, in a team alone.
  { name: 'auditor', account: 'audra', ...session, everywhere: 'auditor', inTeam: 'viewer' },
  {
    name: 'token of the auditor for the team',
    account: 'audra',
    ...apiToken,
    narrowed: 'to the team',
    everywhere: 'auditor',
    inTeam: 'viewer',
  },
  { name: 'master of the team', account: 'max', ...session, inTeam: 'master' },
  { name: 'public-only admin', account: 'root', ...apiToken, narrowed: 'to nothing' },
];

export const addressOf = (account: Account): string => `${account}@example.com`;

export function personaOf(name: string): Persona {
  const persona = PERSONAS.find((one) => one.name === name);
  if (!persona) throw new Error(`nobody is the ${name}`);
  return persona;
}
