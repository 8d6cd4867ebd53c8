import { FieldRules } from '#libs/fields';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { ENTITIES } from './app.entities.js';
import { MIGRATIONS } from './app.migrations.js';
import { SETTINGS } from './app.settings.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { AuthenticationGuard } from './auth/authentication.guard.js';
import { CsrfGuard } from './auth/cookies/csrf.guard.js';
import { ChangesModule } from './changes/changes.module.js';
import type { Environment } from './config/environment.js';
import { SettingsModule } from './config/settings.module.js';
import { DatabaseModule } from './database/database.module.js';
import { EgressModule } from './egress/egress.module.js';
import { EnvelopeGuard } from './gateway-proxy/envelope.guard.js';
import { GatewayProxyModule } from './gateway-proxy/gateway-proxy.module.js';
import type { Drain } from './http/drain.js';
import { ErrorFilter } from './http/error.filter.js';
import { HttpModule } from './http/http.module.js';
import { JsonBodyGuard } from './http/json-body.guard.js';
import { validationPipe } from './http/validation.pipe.js';
import { LimitsModule } from './limits/limits.module.js';
import { MailModule } from './mail/mail.module.js';
import { OauthModule } from './oauth/oauth.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { HttpHookGuard } from './plugins/http/http-hook.guard.js';
import { PermissionHookGuard } from './plugins/http/permission-hook.guard.js';
import { PluginsModule } from './plugins/plugins.module.js';
import { PermissionGuard } from './rbac/permission.guard.js';
import { RbacModule } from './rbac/rbac.module.js';
import { TokenScopeGuard } from './rbac/token-scope.guard.js';
import { RedisModule } from './redis/redis.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { ScimModule } from './scim/scim.module.js';
import { SsoModule } from './sso/sso.module.js';
import { QuotaGuard } from './tokens/quota.guard.js';
import { TokensModule } from './tokens/tokens.module.js';
import { ReferencesModule } from './vault/references/references.module.js';
import { VaultModule } from './vault/vault.module.js';

/** The whole house. The order of the guards is the way of a call; routes carry metadata only. */
@Module({})
export class AppModule {
  static of(environment: Environment, drain: Drain): DynamicModule {
    return {
      module: AppModule,
      imports: [
        // Express tries routes in the order they come: `tools/plugin_bindings` is no tool, and then come the hot ones.
        PluginsModule.forRoot(environment),
        GatewayProxyModule,
        SettingsModule.forRoot(SETTINGS, environment),
        DatabaseModule.forRoot({ entities: ENTITIES, migrations: MIGRATIONS }),
        RedisModule,
        ScheduleModule.forRoot(),
        ChangesModule,
        LimitsModule,
        HttpModule.forRoot(drain),
        EgressModule,
        MailModule,
        AuditModule,
        VaultModule,
        ReferencesModule,
        RbacModule,
        AuthModule,
        TokensModule,
        ScimModule,
        SsoModule,
        RegistryModule,
        OauthModule,
        OperationsModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: HttpHookGuard },
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_GUARD, useClass: CsrfGuard },
        { provide: APP_GUARD, useClass: EnvelopeGuard },
        { provide: APP_GUARD, useClass: TokenScopeGuard },
        { provide: APP_GUARD, useClass: QuotaGuard },
        { provide: APP_GUARD, useClass: PermissionGuard },
        { provide: APP_GUARD, useClass: PermissionHookGuard },
        { provide: APP_GUARD, useClass: JsonBodyGuard },
        { provide: APP_PIPE, useFactory: validationPipe, inject: [FieldRules] },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}
