import { type FindOptionsWhere, IsNull, MoreThan } from 'typeorm';
import type { TeamInvitation } from './team-invitation.entity.js';

/** The invitations that somebody could still accept. */
export const openInvitations = (now: Date): FindOptionsWhere<TeamInvitation> => ({
  acceptedAt: IsNull(),
  cancelledAt: IsNull(),
  expiresAt: MoreThan(now),
});
