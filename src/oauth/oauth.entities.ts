import { RegisteredOauthClient } from './clients/registered-oauth-client.entity.js';
import { OauthState } from './connections/oauth-state.entity.js';
import { OauthToken } from './tokens/oauth-token.entity.js';

export const OAUTH_ENTITIES = [OauthToken, OauthState, RegisteredOauthClient] as const;
