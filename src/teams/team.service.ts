import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { newId } from '../database/new-id.js';
import { GatewayError } from '../http/errors.js';
import type { CreateTeamDto, UpdateTeamDto } from './dto/team-wish.dto.js';
import { endTeam } from './end-team.js';
import { withFreeSlug } from './free-slug.js';
import { TeamAccess } from './team-access.js';
import { TeamChanges } from './team-changes.js';
import { TeamQuotas } from './team-quotas.js';
import { Team, type TeamVisibility } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

type TeamWish = Pick<CreateTeamDto, 'name' | 'slug' | 'description' | 'visibility' | 'max_members'>;

/** Founds, changes and ends teams. */
@Injectable()
export class TeamService {
  constructor(
    private readonly changes: TeamChanges,
    private readonly access: TeamAccess,
    private readonly quotas: TeamQuotas,
    private readonly settings: TeamsSettings,
  ) {}

  /** A team that the caller owns. */
  async create(caller: Principal, wish: TeamWish): Promise<Team> {
    this.access.demandWholeScope(caller);
    this.access.demandFeature(caller, this.settings.allowCreation, 'Team creation is currently disabled');
    const userId = this.access.accountOf(caller);
    this.#demandVisibility(wish.visibility);
    this.quotas.demandSeats(caller, wish.max_members);
    return withFreeSlug(wish.slug ?? wish.name, (slug) =>
      this.changes.run(caller, { userId }, async (roster) => {
        await this.quotas.demandTeam(roster.manager, userId);
        const team = { ...rowOf(wish, roster.now), slug, createdBy: userId };
        await roster.manager.insert(Team, team);
        await roster.add(team.id, userId, 'owner', null);
        return { ...team, revision: 0 };
      }),
    );
  }

  /** Changes what is given and keeps the rest. */
  update(caller: Principal, id: string, wish: UpdateTeamDto): Promise<Team> {
    const { name, description, visibility, max_members: maxMembers } = wish;
    this.#demandVisibility(visibility);
    return this.changes.run(caller, { teamId: id }, async ({ manager, now }) => {
      const team = await this.access.demand(manager, caller, id, 'owner');
      if (team.isPersonal && (visibility === 'public' || maxMembers !== undefined))
        throw new GatewayError('bad_request', 'A personal team is private and has one member');
      this.quotas.demandSeats(caller, maxMembers);
      const set = {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(visibility !== undefined && { visibility }),
        ...(maxMembers !== undefined && { maxMembers }),
        updatedAt: now,
      };
      await manager.update(Team, { id: team.id }, set);
      return Object.assign(team, set);
    });
  }

  /** Ends a team: nobody is in it any more, nobody can enter it, and its slug is free. */
  delete(caller: Principal, id: string): Promise<void> {
    return this.changes.run(caller, { teamId: id }, async (roster) => {
      const team = await this.access.demand(roster.manager, caller, id, 'owner');
      if (team.isPersonal) throw new GatewayError('bad_request', 'Personal teams cannot be deleted');
      await endTeam(roster, team.id);
    });
  }

  #demandVisibility(visibility: TeamVisibility | undefined): void {
    if (visibility === 'public' && !this.settings.allowPublic)
      throw new GatewayError('bad_request', 'visibility: Public visibility is disabled (ALLOW_PUBLIC_VISIBILITY)');
  }
}

function rowOf(wish: TeamWish, now: Date): Omit<Team, 'revision' | 'slug' | 'createdBy'> {
  return {
    id: newId(),
    name: wish.name,
    description: wish.description ?? null,
    isPersonal: false,
    personalOf: null,
    visibility: wish.visibility ?? 'private',
    maxMembers: wish.max_members ?? null,
    isActive: true,
    createdAt: now,
    updatedAt: now,
  };
}
