import type { AuthEventType, NewAuthEvent } from '../events/auth-events.js';
import type { Actor } from './actor.js';

/** What an administrator did with the account of an e-mail. */
export function accountEvent(
  type: AuthEventType,
  email: string,
  { caller, client }: Actor,
  more: object = {},
): NewAuthEvent {
  return { type, email, success: true, client, details: { by: caller.subject, ...more } };
}
