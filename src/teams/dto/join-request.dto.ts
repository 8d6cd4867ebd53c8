import type { JoinRequestStatus } from '../team-join-request.entity.js';

export class TeamJoinRequestDto {
  id: string;
  team_id: string;
  team_name: string;
  /** Empty when the account is gone. */
  user_email: string;
  message: string | null;
  status: JoinRequestStatus;
  requested_at: string;
  expires_at: string;
}
