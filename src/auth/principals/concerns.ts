import type { Principal } from '#libs/policy';
import type { Change } from '../../changes/change-bus.js';

/** Changes of what principals find, not of who they are. */
export type ChangeOfOthers = Extract<Change, { kind: 'registry_changed' | 'policies_changed' | 'mcp_session_changed' }>;

export function isOfOthers(change: Change): change is ChangeOfOthers {
  const { kind } = change;
  return kind === 'registry_changed' || kind === 'policies_changed' || kind === 'mcp_session_changed';
}

/** Whether after this change a principal may be another, or none. */
export function concerns(change: Change, { tokenId, sessionId, userId }: Principal): boolean {
  if (isOfOthers(change)) return false;
  switch (change.kind) {
    case 'token_revoked':
    case 'token_changed':
      return tokenId === change.jti;
    case 'session_ended':
      return sessionId === change.sessionId;
    case 'user_changed':
      return userId === change.userId;
    default:
      // `roles_changed`, `anything_changed`, and what is not known here, may mean everybody.
      return true;
  }
}
