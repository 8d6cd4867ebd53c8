import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Principals } from '../rbac/explain/principals.js';
import { TeamUsers } from '../teams/team-users.js';
import { TeamsModule } from '../teams/teams.module.js';
import { AccountTeamUsers } from './accounts/account-team-users.js';
import { AccountCreation } from './accounts/account-creation.js';
import { AccountEdits } from './accounts/account-edits.js';
import { AccountRemoval } from './accounts/account-removal.js';
import { AccountController } from './accounts/account.controller.js';
import { AccountService } from './accounts/account.service.js';
import { AdminBootstrap } from './accounts/admin-bootstrap.js';
import { ManageableAccounts } from './accounts/manageable-accounts.js';
import { User } from './accounts/user.entity.js';
import { UserRepository } from './accounts/user.repository.js';
import { ClientCertificates } from './bound/client-certificates.js';
import { DpopNonces } from './bound/dpop-nonces.js';
import { DpopProofs } from './bound/dpop-proofs.js';
import { Possession } from './bound/possession.js';
import { CsrfTokens } from './cookies/csrf-tokens.js';
import { SessionCookies } from './cookies/session-cookies.js';
import { TrustedOrigins } from './cookies/trusted-origins.js';
import { AnonymousAccess } from './credentials/anonymous-access.js';
import { BasicAccount } from './credentials/basic-account.js';
import { CredentialReader } from './credentials/credential-reader.js';
import { AuthEventRetention } from './events/auth-event-retention.js';
import { AuthEventController } from './events/auth-event.controller.js';
import { AuthEvent } from './events/auth-event.entity.js';
import { AuthEvents } from './events/auth-events.js';
import { FailedLogins } from './events/failed-logins.js';
import { ExternalTokens } from './issuers/external-tokens.js';
import { ProtectedResources } from './issuers/protected-resources.js';
import { JoseTokenVerifier } from './jwt/jose-token-verifier.js';
import { TokenIssuer } from './jwt/token-issuer.js';
import { TokenRevocation } from './jwt/token-revocation.entity.js';
import { TokenRevocations } from './jwt/token-revocations.js';
import { TokenVerifier } from './jwt/token-verifier.js';
import { JwksController } from './keys/jwks.controller.js';
import { ErasedKeys } from './keys/erased-keys.js';
import { JwtKeyRing } from './keys/jwt-key-ring.js';
import { RemoteKeys } from './keys/remote-keys.js';
import { RevokeSigningKey } from './keys/revoke-signing-key.js';
import { RotateSigningKeys } from './keys/rotate-signing-keys.js';
import { SigningKeyController } from './keys/signing-key.controller.js';
import { SigningKeyRow } from './keys/signing-key.entity.js';
import { StoredKeys } from './keys/stored-keys.js';
import { LockNotice } from './lockout/lock-notice.js';
import { Lockout } from './lockout/lockout.js';
import { PasswordCheck } from './lockout/password-check.js';
import { SourceLimit } from './lockout/source-limit.js';
import { LoginController } from './login/login.controller.js';
import { LoginService } from './login/login.service.js';
import { ChangeService } from './passwords/change.service.js';
import { PasswordAge } from './passwords/password-age.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { FormerPassword } from './passwords/password-history.entity.js';
import { PasswordLimits } from './passwords/password-limits.js';
import { PasswordReset } from './passwords/password-reset.entity.js';
import { PasswordController } from './passwords/password.controller.js';
import { Passwords } from './passwords/passwords.js';
import { RegistrationController } from './passwords/registration.controller.js';
import { RegistrationService } from './passwords/registration.service.js';
import { ResetRequests } from './passwords/reset-requests.js';
import { ResetTokens } from './passwords/reset-tokens.js';
import { ResetService } from './passwords/reset.service.js';
import { CredentialCheck } from './principals/credential-check.js';
import { PrincipalCache } from './principals/principal-cache.js';
import { PrincipalResolver } from './principals/principal-resolver.js';
import { ResolvedPrincipals } from './principals/resolved-principals.js';
import { OwnSessionsController } from './sessions/own-sessions.controller.js';
import { SessionActivity } from './sessions/session-activity.js';
import { SessionEnd } from './sessions/session-end.js';
import { SessionIssuer } from './sessions/session-issuer.js';
import { SessionPurge } from './sessions/session-purge.js';
import { SessionRefresh } from './sessions/session-refresh.js';
import { SessionReport } from './sessions/session-report.js';
import { SessionController } from './sessions/session.controller.js';
import { SessionRepository } from './sessions/session.repository.js';
import { SessionService } from './sessions/session.service.js';
import { UserSession } from './sessions/user-session.entity.js';
import { ServiceAccounts } from './workloads/service-accounts.js';
import { WorkloadTokens } from './workloads/workload-tokens.js';

@Global()
@Module({
  imports: [
    TeamsModule,
    TypeOrmModule.forFeature([
      User,
      UserSession,
      FormerPassword,
      PasswordReset,
      AuthEvent,
      TokenRevocation,
      SigningKeyRow,
    ]),
  ],
  controllers: [
    AccountController,
    AuthEventController,
    JwksController,
    LoginController,
    OwnSessionsController,
    PasswordController,
    RegistrationController,
    SessionController,
    SigningKeyController,
  ],
  providers: [
    AccountCreation,
    AccountEdits,
    AccountRemoval,
    AccountService,
    AdminBootstrap,
    AnonymousAccess,
    AuthEventRetention,
    AuthEvents,
    BasicAccount,
    ChangeService,
    ClientCertificates,
    CredentialCheck,
    CredentialReader,
    CsrfTokens,
    DpopNonces,
    DpopProofs,
    ErasedKeys,
    ExternalTokens,
    FailedLogins,
    JwtKeyRing,
    LockNotice,
    Lockout,
    LoginService,
    ManageableAccounts,
    PasswordAge,
    PasswordCheck,
    PasswordHasher,
    PasswordLimits,
    Passwords,
    Possession,
    PrincipalCache,
    PrincipalResolver,
    ProtectedResources,
    RegistrationService,
    RemoteKeys,
    ResetRequests,
    ResetService,
    ResetTokens,
    ServiceAccounts,
    RevokeSigningKey,
    RotateSigningKeys,
    SessionActivity,
    SessionCookies,
    SessionEnd,
    SessionIssuer,
    SessionPurge,
    SessionRefresh,
    SessionReport,
    SessionRepository,
    SessionService,
    SourceLimit,
    StoredKeys,
    TokenIssuer,
    TokenRevocations,
    TrustedOrigins,
    UserRepository,
    WorkloadTokens,
    { provide: Principals, useClass: ResolvedPrincipals },
    { provide: TeamUsers, useClass: AccountTeamUsers },
    { provide: TokenVerifier, useClass: JoseTokenVerifier },
  ],
  exports: [
    AccountCreation,
    AccountEdits,
    AccountRemoval,
    AccountService,
    AnonymousAccess,
    AuthEvents,
    CredentialCheck,
    CredentialReader,
    CsrfTokens,
    Possession,
    FailedLogins,
    ManageableAccounts,
    PrincipalCache,
    PrincipalResolver,
    Principals,
    ProtectedResources,
    SessionCookies,
    SessionEnd,
    SessionRepository,
    SessionService,
    TeamUsers,
    TokenIssuer,
    TokenRevocations,
    TrustedOrigins,
    UserRepository,
  ],
})
export class AuthModule {}
