import type { Delivery } from '../invitation-letter.js';
import type { TeamRole } from '../team-member.entity.js';

export class TeamInvitationDto {
  id: string;
  team_id: string;
  team_name: string;
  email: string;
  role: TeamRole;
  /** E-mail; null when the account is gone. */
  invited_by: string | null;
  invited_at: string;
  expires_at: string;
  /** Neither accepted nor cancelled. */
  is_active: boolean;
  is_expired: boolean;
}

export class SentInvitationDto extends TeamInvitationDto {
  /** Shown this once. */
  token: string;
  /** Where it is accepted, with POST. */
  invitation_url: string;
  email_delivery_status: Delivery;
  /** Why the token has to be handed over by other means. */
  warning: string | null;
}
