import type { TeamRole } from '../team-member.entity.js';
import type { MembershipAction } from '../team-member-history.entity.js';
import type { TeamVisibility } from '../team.entity.js';

export class TeamDto {
  /** 32 lower-case hex digits. */
  id: string;
  name: string;
  slug: string;
  description: string | null;
  /** E-mail; null when the account is gone. */
  created_by: string | null;
  is_personal: boolean;
  visibility: TeamVisibility;
  max_members: number | null;
  member_count: number;
  /** ISO 8601, UTC. */
  created_at: string;
  updated_at: string;
  is_active: boolean;
}

export class SkippedMemberDto {
  email: string;
  /** Why nobody was added or invited. */
  reason: string;
}

export class CreatedTeamDto extends TeamDto {
  /** How many of `members` had an account and are in the team now. */
  members_added: number;
  /** How many were invited. */
  invitations_sent: number;
  members_skipped: SkippedMemberDto[];
}

export class TeamListDto {
  teams: TeamDto[];
  /** Of all pages. */
  total: number;
}

export class TeamPageDto {
  teams: TeamDto[];
  /** Absent on the last page. */
  nextCursor?: string;
}

export class DiscoveredTeamDto {
  id: string;
  name: string;
  description: string | null;
  member_count: number;
  created_at: string;
  /** Whether there is room and asking to join is allowed. */
  is_joinable: boolean;
}

export class TeamMemberDto {
  id: string;
  team_id: string;
  /** Empty when the account is gone. */
  user_email: string;
  role: TeamRole;
  joined_at: string;
  invited_by: string | null;
  is_active: boolean;
}

export class TeamMemberPageDto {
  members: TeamMemberDto[];
  /** Absent on the last page. */
  nextCursor?: string;
}

export class TeamMemberHistoryDto {
  id: string;
  team_id: string;
  user_email: string;
  action: MembershipAction;
  role: TeamRole;
  changed_by: string | null;
  changed_at: string;
}

export class TeamDoneDto {
  success: true;
  message: string;
}
