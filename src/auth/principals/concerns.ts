import type { Principal } from '#libs/policy';
import type { Change } from '../../changes/change-bus.js';

/** Changes of what principals find, not of who they are. */
const OF_OTHERS = [
  'registry_changed',
  'oauth_tokens_changed',
  'policies_changed',
  'plugins_changed',
  'mcp_session_changed',
  'mail_put',
  'signing_keys_changed',
] as const;

export type ChangeOfOthers = Extract<Change, { kind: (typeof OF_OTHERS)[number] }>;

export function isOfOthers(change: Change): change is ChangeOfOthers {
  return OF_OTHERS.some((kind) => kind === change.kind);
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
      // `roles_changed`, `signing_key_revoked`, `anything_changed`, and what is not known here, may mean everybody.
      return true;
  }
}
