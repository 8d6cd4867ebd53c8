import { Injectable } from '@nestjs/common';
import { expandPermissions, type OwnedRow, type Permission, type Principal, UNRESTRICTED } from '#libs/policy';
import { PrincipalResolver } from '../auth/principals/principal-resolver.js';
import { GatewayError } from '../http/errors.js';
import { AccessService } from '../rbac/access.service.js';
import type { ApiToken } from './api-token.entity.js';
import { ServerDirectory } from './server-directory.js';
import { tokenFacts } from './token-facts.js';
import type { TokenHolder } from './token-grants.js';

/** Permissions that are decided about rows. */
const ABOUT_ROWS = /^(gateways|servers|tools|resources|prompts)\./;
/** More names make no sentence. */
const MOST_NAMES = 5;

const PUBLIC_ONLY = 'The token reaches public rows only: set team_id to reach the rows of a team.';

/**
 * What a token would not see or do although it was asked for, each in a sentence that says what to do about it. Nothing is
 * guessed: the principal that the token will be is made, and the one rule is asked.
 */
@Injectable()
export class TokenWarnings {
  constructor(
    private readonly principals: PrincipalResolver,
    private readonly access: AccessService,
    private readonly servers: ServerDirectory,
  ) {}

  async about(token: ApiToken, holder: TokenHolder): Promise<string[]> {
    try {
      const principal = await this.principals.ofApiToken(tokenFacts(token));
      return [
        ...(principal.teams.kind === 'public' ? [PUBLIC_ONLY] : []),
        ...(await this.#aboutServer(principal)),
        ...this.#aboutPermissions(principal, holder, token),
      ];
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return [`The token will be refused: ${error.message}.`];
    }
  }

  async #aboutServer(principal: Principal): Promise<string[]> {
    const { serverId } = principal.restrictions;
    if (serverId === undefined) return [];
    const alone = `The token opens the server ${serverId} alone, which`;
    // Whether it can see the server is asked, not whether it was given the permission to read about it.
    if (!(await this.servers.sees({ ...principal, restrictions: UNRESTRICTED }, serverId)))
      return [`${alone} it can’t see: set team_id to the team of that server, or make the server public.`];
    if (await this.servers.takes(principal, serverId)) return [];
    return [`${alone} takes only tokens that are bound to their sender: make one with dpop_jkt or x5t_s256.`];
  }

  #aboutPermissions(principal: Principal, holder: TokenHolder, token: ApiToken): string[] {
    const listed = token.permissions.length > 0;
    const asked = [...(listed ? listedIn(token.permissions) : principal.grants.anywhere)];
    const idle = new Map(asked.map((permission) => [permission, this.#whyIdle(principal, permission, token.teamId)]));
    const because = (reason: Idle): Permission[] => asked.filter((permission) => idle.get(permission) === reason);
    const useless = asked.filter((permission) => idle.get(permission) !== undefined);
    if (useless.length === asked.length && !listed)
      return ['The token can do nothing: no role of its user reaches it.'];
    if (!listed) return [];
    return [
      ...(useless.length === asked.length ? ['The token can do nothing of what scope.permissions lists.'] : []),
      ...sentence(because('session'), 'only sessions manage tokens.'),
      ...sentence(
        because('narrowed'),
        `only what is not narrowed to teams or public rows may do that: ${principal.isAdmin ? 'leave team_id out' : 'use a session'}.`,
      ),
      ...adviseByPlace(because('not held'), principal, holder),
    ];
  }

  #whyIdle(principal: Principal, permission: Permission, teamId: string | null): Idle | undefined {
    if (permission.startsWith('tokens.')) return 'session';
    const rows = ABOUT_ROWS.test(permission) ? rowsWithin(principal) : [undefined];
    const at = { teamId: teamId ?? undefined };
    const reasons = rows.map((row) => this.access.decide(principal, permission, row, at).reason);
    if (reasons.every((reason) => reason === 'narrowed')) return 'narrowed';
    // What else may refuse (a policy, an error) depends on more than can be known now.
    const held = !reasons.every((reason) => reason === 'permission_missing' || reason === 'permission_elsewhere');
    return held ? undefined : 'not held';
  }
}

/** Without the right to open an endpoint, which comes with others and is of no use alone. */
function listedIn(patterns: readonly string[]): readonly Permission[] {
  const named = patterns.some((pattern) => pattern === '*' || pattern.startsWith('servers.'));
  return [...expandPermissions(patterns)].filter((permission) => named || permission !== 'servers.use');
}

type Idle = 'session' | 'narrowed' | 'not held';

/** One row of its own in each place that the token reaches. */
function rowsWithin({ teams, subject: ownerEmail }: Principal): OwnedRow[] {
  const ids = teams.kind === 'teams' ? [...teams.ids] : [];
  return [
    { visibility: 'public', teamId: null, ownerEmail },
    ...ids.map((teamId): OwnedRow => ({ visibility: 'team', teamId, ownerEmail })),
  ];
}

function adviseByPlace(permissions: readonly Permission[], { isAdmin }: Principal, { email, grants }: TokenHolder) {
  const inTeams = permissions.filter((permission) => [...grants.inTeams.values()].some((held) => held.has(permission)));
  const elsewhere = permissions.filter((permission) => !inTeams.includes(permission));
  if (isAdmin) return sentence(permissions, `${email} holds it as an administrator alone: leave team_id out.`);
  return [
    ...sentence(inTeams, `${email} holds it in teams alone: set team_id to one of them.`),
    ...sentence(elsewhere, `${email} does not hold it where the token reaches: use a session.`),
  ];
}

function sentence(permissions: readonly Permission[], why: string): string[] {
  if (permissions.length === 0) return [];
  const more = permissions.length - MOST_NAMES;
  const names = permissions.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return [`The token can’t use ${names}: ${why}`];
}
