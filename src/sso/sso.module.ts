import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TeamMember } from '../teams/team-member.entity.js';
import { TeamsModule } from '../teams/teams.module.js';
import { AccountBinding } from './accounts/account-binding.js';
import { ApprovalController } from './accounts/approval.controller.js';
import { Approvals } from './accounts/approvals.js';
import { IdentityLinks } from './accounts/identity-links.js';
import { IdentityController } from './accounts/identity.controller.js';
import { CallbackUrls } from './callback-urls.js';
import { GrantReconciler } from './grants/grant-reconciler.js';
import { BrowserCookie } from './login/browser-cookie.js';
import { PendingLogins } from './login/pending-logins.js';
import { SsoCallback } from './login/sso-callback.js';
import { SsoLinkController } from './login/sso-link.controller.js';
import { SsoStart } from './login/sso-start.js';
import { SsoController } from './login/sso.controller.js';
import { LogoutTokens } from './logout/logout-tokens.js';
import { ProviderLogout } from './logout/provider-logout.js';
import { SsoLogoutController } from './logout/sso-logout.controller.js';
import { SsoSessions } from './logout/sso-sessions.js';
import { CodeExchange } from './oidc/code-exchange.js';
import { ProviderConfigurations } from './oidc/provider-configurations.js';
import { ConfiguredProviders } from './providers/configured-providers.js';
import { ProviderStore } from './providers/provider-store.js';
import { ProvidersAtStart } from './providers/providers-at-start.js';
import { SsoProviderController } from './providers/sso-provider.controller.js';
import { SsoProviderService } from './providers/sso-provider.service.js';
import { SSO_ENTITIES } from './sso.entities.js';

@Module({
  imports: [TeamsModule, TypeOrmModule.forFeature([...SSO_ENTITIES, TeamMember])],
  controllers: [
    SsoController,
    SsoLinkController,
    SsoLogoutController,
    SsoProviderController,
    IdentityController,
    ApprovalController,
  ],
  providers: [
    AccountBinding,
    Approvals,
    BrowserCookie,
    CallbackUrls,
    CodeExchange,
    ConfiguredProviders,
    GrantReconciler,
    IdentityLinks,
    LogoutTokens,
    PendingLogins,
    ProviderConfigurations,
    ProviderLogout,
    ProvidersAtStart,
    ProviderStore,
    SsoCallback,
    SsoProviderService,
    SsoSessions,
    SsoStart,
  ],
})
export class SsoModule {}
