import { createHash, randomBytes } from 'node:crypto';
import { RoleAssignment } from '../../../src/rbac/roles/role-assignment.entity.js';
import { Role } from '../../../src/rbac/roles/role.entity.js';
import { ApiToken } from '../../../src/tokens/api-token.entity.js';
import { User } from '../../../src/auth/accounts/user.entity.js';
import { TeamInvitation } from '../../../src/teams/team-invitation.entity.js';
import { TeamJoinRequest } from '../../../src/teams/team-join-request.entity.js';
import { TeamMember } from '../../../src/teams/team-member.entity.js';
import { Team, type TeamVisibility } from '../../../src/teams/team.entity.js';
import { type Account, addressOf, personaOf, RED } from './personas.js';
import { newId, type World } from './world.js';

const ADMIN = personaOf('platform admin');
const DAY_MS = 86_400_000;

/** A team like that of the rows, with somebody who waits to be let in and somebody who is invited. */
export interface SpareTeam {
  readonly id: string;
  readonly requestId: string;
  readonly invitationId: string;
  /** Of the invitation. */
  readonly token: string;
  /** Of the role that mia was given. */
  readonly assignmentId: string;
}

/** In force or not, it forbids nobody anything. */
export const POLICY = 'forbid (principal, action, resource) when { context.hour > 24 };';

/** What a cell may change or end, made for it alone. */
export class Throwaways {
  readonly #teams: string[] = [];
  readonly #tokens: string[] = [];
  readonly #policies: string[] = [];

  constructor(private readonly world: World) {}

  /** @param invited who is invited */
  async team(visibility: TeamVisibility, invited: Account): Promise<SpareTeam> {
    const { manager } = this.world.database;
    const now = new Date();
    const later = new Date(now.getTime() + DAY_MS);
    const spare = {
      id: newId(),
      requestId: newId(),
      invitationId: newId(),
      token: randomBytes(32).toString('base64url'),
      assignmentId: newId(),
    };
    const { id: teamId } = spare;
    const idOf = (account: Account): string => this.world.user(account).id;
    const common = { visibility, isActive: true, isPersonal: false, description: null, createdBy: idOf('tess') };
    await manager.insert(Team, { id: teamId, name: teamId, slug: teamId, ...common, createdAt: now, updatedAt: now });
    await manager.insert(
      TeamMember,
      Object.entries(RED).map(([account, role]) => {
        return { id: newId(), teamId, userId: idOf(account as Account), role, isActive: true, joinedAt: now };
      }),
    );
    const asked = { status: 'pending', requestedAt: now, expiresAt: later } as const;
    const userId = idOf('jo');
    await manager.insert(TeamJoinRequest, { id: spare.requestId, teamId, userId, pendingFor: userId, ...asked });
    const tokenHash = createHash('sha256').update(spare.token).digest('hex');
    const sent = { role: 'member', tokenHash, invitedBy: idOf('tess'), invitedAt: now, expiresAt: later } as const;
    await manager.insert(TeamInvitation, { id: spare.invitationId, teamId, email: addressOf(invited), ...sent });
    await this.#assign('developer', { id: spare.assignmentId, userId: idOf('mia'), scope: 'team', scopeId: teamId });
    this.#teams.push(teamId);
    return spare;
  }

  /** The id of an API token. */
  async token(account: Account, teamId: string | null): Promise<string> {
    const id = newId();
    const plain = {
      name: id,
      jti: id,
      tokenHash: id,
      permissions: [],
      ipRestrictions: [],
      timeRestrictions: {},
      tags: [],
    };
    const times = { createdAt: new Date(), expiresAt: new Date(Date.now() + DAY_MS) };
    const row = { id, userId: this.world.user(account).id, teamId, ...plain, ...times, isActive: true };
    await this.world.database.manager.insert(ApiToken, row);
    this.#tokens.push(id);
    return id;
  }

  /** The address of an account. */
  async account(): Promise<string> {
    const { manager } = this.world.database;
    const email = `${newId()}@example.com`;
    const known = await manager.findOneByOrFail(User, { id: this.world.user('jo').id });
    await manager.insert(User, Object.assign({}, known, { id: newId(), email }));
    return email;
  }

  /** The id of a role, which somebody may have been given. @param holder an address */
  async role(holder?: string): Promise<string> {
    const { manager } = this.world.database;
    const id = newId();
    const now = new Date();
    const held = { scope: 'global' as const, permissions: ['tools.read'], isSystemRole: false, isActive: true };
    const nothing = { description: null, inheritsFrom: null, createdBy: null };
    await manager.insert(Role, { id, name: id, ...held, ...nothing, createdAt: now, updatedAt: now });
    if (holder === undefined) return id;
    const { id: userId } = await manager.findOneByOrFail(User, { email: holder });
    await this.#assign(id, { id: newId(), userId, scope: 'global', scopeId: '' });
    return id;
  }

  /** The id of a policy that is a draft. */
  async policy(): Promise<string> {
    const wish = { method: 'POST', path: '/policies', body: { name: newId(), text: POLICY } };
    const { status, text } = await this.world.told(ADMIN, wish);
    if (status !== 201) throw new Error(`POST /policies: ${status} ${text}`);
    const { id } = JSON.parse(text) as { id: string };
    this.#policies.push(id);
    return id;
  }

  async #assign(name: string, to: Pick<RoleAssignment, 'id' | 'userId' | 'scope' | 'scopeId'>): Promise<void> {
    const { manager } = this.world.database;
    const { id: roleId } = await manager.findOneByOrFail(Role, { name });
    const given = { grantedBy: null, grantedAt: new Date(), expiresAt: null, source: 'manual' } as const;
    await manager.insert(RoleAssignment, { roleId, ...to, ...given });
  }

  async sweep(): Promise<void> {
    const { manager } = this.world.database;
    if (this.#teams.length > 0) await manager.delete(Team, this.#teams.splice(0));
    for (const id of this.#policies.splice(0))
      await this.world.told(ADMIN, { method: 'DELETE', path: `/policies/${id}` });
    if (this.#tokens.length > 0) await manager.delete(ApiToken, this.#tokens.splice(0));
  }
}
