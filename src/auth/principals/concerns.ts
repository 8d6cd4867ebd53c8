import type { Principal } from '#libs/policy';
import type { Change } from '../../changes/change-bus.js';

/** Whether after this change a principal may be another, or none. */
export function concerns(change: Change, { tokenId, sessionId, userId }: Principal): boolean {
  switch (change.kind) {
    case 'token_revoked':
    case 'token_changed':
      return tokenId === change.jti;
    case 'session_ended':
      return sessionId === change.sessionId;
    case 'user_changed':
      return userId === change.userId;
    case 'registry_changed':
    case 'policies_changed':
      return false;
    default:
      // `roles_changed`, `anything_changed`, and what is not known here, may mean everybody.
      return true;
  }
}
