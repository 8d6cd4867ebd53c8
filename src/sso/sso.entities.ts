import type { EntityClass } from '../database/schema-lists.js';
import { FederatedIdentity } from './accounts/federated-identity.entity.js';
import { PendingApproval } from './accounts/pending-approval.entity.js';
import { SsoAuthSession } from './login/sso-auth-session.entity.js';
import { SsoLogoutToken } from './logout/sso-logout-token.entity.js';
import { SsoSession } from './logout/sso-session.entity.js';
import { SsoProvider } from './providers/sso-provider.entity.js';

export const SSO_ENTITIES = [
  SsoProvider,
  SsoAuthSession,
  SsoSession,
  SsoLogoutToken,
  FederatedIdentity,
  PendingApproval,
] satisfies EntityClass[];
