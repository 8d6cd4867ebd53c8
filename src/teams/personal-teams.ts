import { Injectable } from '@nestjs/common';
import { newId } from '../database/new-id.js';
import { withFreeSlug } from './free-slug.js';
import { TeamChanges } from './team-changes.js';
import type { TeamUser } from './team-users.js';
import { Team } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

/** The team of one that an account has. Nobody can join, leave or delete it. */
@Injectable()
export class PersonalTeams {
  constructor(
    private readonly changes: TeamChanges,
    private readonly settings: TeamsSettings,
  ) {}

  /**
   * Makes the personal team of an account that is committed already; doing it twice, or twice at once, is no fault.
   * @returns its id; undefined where AUTO_CREATE_PERSONAL_TEAMS is off
   */
  async ensure({ id: userId, email }: Pick<TeamUser, 'id' | 'email'>): Promise<string | undefined> {
    if (!this.settings.autoPersonalTeams) return undefined;
    const text = `${this.settings.personalPrefix} ${email.split('@')[0] ?? ''}`;
    return withFreeSlug(text, (slug) =>
      this.changes.run({ userId }, {}, async (roster) => {
        const known = await roster.manager.findOneBy(Team, { personalOf: userId });
        if (known) return known.id;
        const team = this.#row(userId, email, slug, roster.now);
        await roster.manager.insert(Team, team);
        await roster.add(team.id, userId, 'owner', null);
        return team.id;
      }),
    );
  }

  #row(userId: string, email: string, slug: string, now: Date): Omit<Team, 'revision'> {
    return {
      id: newId(),
      name: `${email}’s team`,
      slug,
      description: null,
      createdBy: userId,
      isPersonal: true,
      personalOf: userId,
      visibility: 'private',
      maxMembers: 1,
      isActive: true,
      createdAt: now,
      updatedAt: now,
    };
  }
}
