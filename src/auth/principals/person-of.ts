import type { Principal } from '#libs/policy';

/** By what a person is known whatever the credential: what is held for him goes on when his token is refreshed. */
export const personOf = (principal: Principal | undefined): string =>
  principal ? `${principal.userId ?? ''} ${principal.subject}` : '';
