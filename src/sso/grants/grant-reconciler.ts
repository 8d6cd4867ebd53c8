import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { User } from '../../auth/accounts/user.entity.js';
import { AuthEvents } from '../../auth/events/auth-events.js';
import type { ClientInfo } from '../../http/request-context.js';
import { lockRoles } from '../../rbac/roles/role-lock.js';
import { TeamChanges } from '../../teams/team-changes.js';
import { TeamMember } from '../../teams/team-member.entity.js';
import { TeamQuotas } from '../../teams/team-quotas.js';
import type { ClaimedIdentity } from '../oidc/claimed-identity.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoSettings } from '../sso.settings.js';
import { reconcileAdmin } from './reconcile-admin.js';
import { reconcileRoles } from './reconcile-roles.js';
import { reconcileTeams } from './reconcile-teams.js';
import { mappedGrants } from './mapped-grants.js';

/** A system, and no user, makes these changes. */
const NOBODY = { userId: null };

/**
 * Makes what single sign-on gave somebody what his groups give now, at every sign-in: all in one transaction, and obeyed
 * by every door before it resolves. What people gave by hand it neither takes nor changes.
 */
@Injectable()
export class GrantReconciler {
  constructor(
    @InjectRepository(TeamMember) private readonly members: Repository<TeamMember>,
    private readonly changes: TeamChanges,
    private readonly quotas: TeamQuotas,
    private readonly events: AuthEvents,
    private readonly settings: SsoSettings,
  ) {}

  async reconcile(user: User, provider: SsoProvider, identity: ClaimedIdentity, client: ClientInfo): Promise<void> {
    const wanted = mappedGrants(identity, provider, this.settings.autoAdminDomains);
    const held = await this.members.findBy({ userId: user.id, grantSource: 'sso', isActive: true });
    const teamIds = [...new Set([...wanted.teams.keys(), ...held.map(({ teamId }) => teamId)])];
    await this.changes.run(NOBODY, { userId: user.id, teamIds, first: lockRoles }, async (roster) => {
      const { manager } = roster;
      const changes = [
        ...(await reconcileAdmin(manager, user.id, wanted.isAdmin)),
        ...(await reconcileRoles(manager, user.id, wanted.roles, provider.id)),
        ...(await reconcileTeams(roster, this.quotas, user.id, teamIds, wanted.teams)),
      ];
      if (changes.length === 0) return;
      roster.touched.add(user.id);
      const event = { email: user.email, type: 'sso_grants_changed', success: true, client } as const;
      await this.events.record({ ...event, details: { auth_provider: provider.id, changes } }, manager);
    });
  }
}
