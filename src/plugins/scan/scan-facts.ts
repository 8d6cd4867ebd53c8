import { newId } from '../../database/new-id.js';
import type { CallFacts } from '../plugin-context.js';

/** Of a look at what an upstream lists. @param user e-mail */
export const scanFacts = (teamId: string | null, user = 'anonymous'): CallFacts => ({
  requestId: newId(),
  user,
  principal: undefined,
  tenantId: teamId ?? undefined,
  serverId: undefined,
  target: undefined,
  clientAddress: '',
  userAgent: '',
});
