import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OauthAccess } from '../registry/gateways/oauth-access.js';
import { ClientConfigurations } from './clients/client-configurations.js';
import { ClientDocumentController } from './clients/client-document.controller.js';
import { ClientRegistration } from './clients/client-registration.js';
import { OauthClients } from './clients/oauth-clients.js';
import { RedirectUris } from './clients/redirect-uris.js';
import { RegisteredClients } from './clients/registered-clients.js';
import { RegisteredClientController } from './clients/registered-client.controller.js';
import { ConnectionController } from './connections/connection.controller.js';
import { ConnectionStatus } from './connections/connection-status.js';
import { Connections } from './connections/connections.js';
import { Disconnection } from './connections/disconnection.js';
import { OauthStates } from './connections/oauth-states.js';
import { UpstreamDiscovery } from './discovery/upstream-discovery.js';
import { OAUTH_ENTITIES } from './oauth.entities.js';
import { ProtectedResourceController } from './protected-resource.controller.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { MachineTokens } from './tokens/machine-tokens.js';
import { TokenAccess } from './tokens/token-access.js';
import { TokenRefresh } from './tokens/token-refresh.js';
import { TokenVault } from './tokens/token-vault.js';
import { UserTokens } from './tokens/user-tokens.js';

/**
 * The gateway as OAuth client of its upstreams, and what it says of its own endpoints.
 * Global, because the registry asks for tokens through a port that lies a floor below.
 */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([...OAUTH_ENTITIES])],
  controllers: [
    ProtectedResourceController,
    ClientDocumentController,
    ConnectionController,
    RegisteredClientController,
  ],
  providers: [
    AccessTokens,
    ClientConfigurations,
    ClientRegistration,
    Connections,
    ConnectionStatus,
    Disconnection,
    MachineTokens,
    OauthClients,
    OauthStates,
    RedirectUris,
    RegisteredClients,
    TokenRefresh,
    TokenVault,
    UpstreamDiscovery,
    UserTokens,
    { provide: OauthAccess, useClass: TokenAccess },
  ],
  exports: [AccessTokens, OauthAccess],
})
export class OauthModule {}
