import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogGateways } from './catalog/catalog-gateways.js';
import { CatalogLoader } from './catalog/catalog-loader.js';
import { CatalogSource } from './catalog/catalog-source.js';
import { CatalogReader } from './catalog/catalog.js';
import { CatalogService } from './catalog/catalog.service.js';
import { ReferenceWatch } from './catalog/reference-watch.js';
import { CredentialReferences } from './gateways/credential-references.js';
import { CredentialVault } from './gateways/credential-vault.js';
import { GatewayChange } from './gateways/gateway-change.js';
import { GatewayReader } from './gateways/gateway-reader.js';
import { GatewayRefresh } from './gateways/gateway-refresh.js';
import { GatewayRegistration } from './gateways/gateway-registration.js';
import { GatewayRules } from './gateways/gateway-rules.js';
import { GatewayTargets } from './gateways/gateway-targets.js';
import { GatewayUpstreamController } from './gateways/gateway-upstream.controller.js';
import { GatewayWriter } from './gateways/gateway-writer.js';
import { GatewayController } from './gateways/gateway.controller.js';
import { GatewayRepository } from './gateways/gateway.repository.js';
import { HealthCheck } from './gateways/health-check.js';
import { HealthMonitor } from './gateways/health-monitor.js';
import { StdioRules } from './gateways/stdio-rules.js';
import { TrustVault } from './gateways/trust/trust-vault.js';
import { TrustWatch } from './gateways/trust/trust-watch.js';
import { UpstreamClient } from './gateways/upstream-client.js';
import { ItemWriter } from './items/item-writer.js';
import { KeptCredentials } from './items/kept-tools/kept-credentials.js';
import { ToolChange } from './items/kept-tools/tool-change.js';
import { PromptReader } from './items/prompt-reader.js';
import { PromptChange } from './items/kept-prompts/prompt-change.js';
import { ContentRules } from './items/kept-resources/content-rules.js';
import { ResourceChange } from './items/kept-resources/resource-change.js';
import { ResourceContents } from './items/kept-resources/resource-contents.js';
import { PromptController } from './items/prompt.controller.js';
import { PromptRepository } from './items/prompt.repository.js';
import { ResourceReader } from './items/resource-reader.js';
import { ResourceController } from './items/resource.controller.js';
import { ResourceRepository } from './items/resource.repository.js';
import { ToolReader } from './items/tool-reader.js';
import { ToolController } from './items/tool.controller.js';
import { ToolRepository } from './items/tool.repository.js';
import { GlobalPassthrough } from './passthrough/global-passthrough.js';
import { PassthroughHeaders } from './passthrough/passthrough-headers.js';
import { PassthroughController } from './passthrough/passthrough.controller.js';
import { REGISTRY_ENTITIES } from './registry.entities.js';
import { Ownership } from './rows/ownership.js';
import { RegistryDirectory } from './rows/registry-directory.js';
import { RowDirectory } from '../rbac/explain/row-directory.js';
import { CatalogOauthServers } from './servers/catalog-oauth-servers.js';
import { ServerChange } from './servers/server-change.js';
import { ServerContents } from './servers/server-contents.js';
import { ServerItemsController } from './servers/server-items.controller.js';
import { ServerItems } from './servers/server-items.js';
import { ServerLinkRepository } from './servers/server-link.repository.js';
import { ServerOauth } from './servers/server-oauth.js';
import { ServerReader } from './servers/server-reader.js';
import { ServerWriter } from './servers/server-writer.js';
import { ServerController } from './servers/server.controller.js';
import { ServerRepository } from './servers/server.repository.js';
import { VisibleServers } from './servers/visible-servers.js';
import { TagController } from './tags/tag.controller.js';
import { TaggedRows } from './tags/tagged-rows.js';
import { TagReader } from './tags/tag-reader.js';
import { OauthServers } from '../auth/issuers/oauth-servers.js';
import { ServerDirectory } from '../tokens/server-directory.js';

/**
 * Upstream gateways, what they offer, virtual servers, and the catalogue that the gate serves.
 * Global, because the tokens ask for servers through a port that lies a floor below.
 */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([...REGISTRY_ENTITIES])],
  controllers: [
    GatewayController,
    GatewayUpstreamController,
    ServerController,
    ServerItemsController,
    ToolController,
    ResourceController,
    PromptController,
    PassthroughController,
    TagController,
  ],
  providers: [
    CatalogGateways,
    { provide: CatalogSource, useClass: CatalogLoader },
    CatalogService,
    { provide: CatalogReader, useExisting: CatalogService },
    ContentRules,
    CredentialReferences,
    CredentialVault,
    GatewayChange,
    GatewayReader,
    GatewayRefresh,
    GatewayRegistration,
    GatewayRepository,
    GatewayRules,
    GatewayTargets,
    GatewayWriter,
    GlobalPassthrough,
    HealthCheck,
    HealthMonitor,
    ItemWriter,
    KeptCredentials,
    Ownership,
    PassthroughHeaders,
    PromptChange,
    PromptReader,
    PromptRepository,
    ReferenceWatch,
    ResourceChange,
    ResourceContents,
    ResourceReader,
    ResourceRepository,
    ServerChange,
    ServerContents,
    ServerItems,
    ServerLinkRepository,
    ServerOauth,
    ServerReader,
    ServerRepository,
    ServerWriter,
    StdioRules,
    TaggedRows,
    TrustVault,
    TrustWatch,
    TagReader,
    ToolChange,
    ToolReader,
    ToolRepository,
    UpstreamClient,
    { provide: OauthServers, useClass: CatalogOauthServers },
    { provide: RowDirectory, useClass: RegistryDirectory },
    { provide: ServerDirectory, useClass: VisibleServers },
  ],
  exports: [
    CatalogReader,
    CatalogService,
    GatewayReader,
    GatewayRefresh,
    GatewayTargets,
    KeptCredentials,
    OauthServers,
    ReferenceWatch,
    ResourceContents,
    RowDirectory,
    ServerDirectory,
    UpstreamClient,
  ],
})
export class RegistryModule {}
