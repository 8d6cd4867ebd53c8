import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountController } from './accounts/account.controller.js';
import { AccountService } from './accounts/account.service.js';
import { AccountTeamUsers } from './account-team-users.js';
import { AdminBootstrap } from './admin-bootstrap.js';
import { AnonymousAccess } from './credentials/anonymous-access.js';
import { BasicAccount } from './credentials/basic-account.js';
import { CredentialReader } from './credentials/credential-reader.js';
import { CredentialCheck } from './credential-check.js';
import { LoginController } from './login.controller.js';
import { LoginService } from './login.service.js';
import { JoseTokenVerifier } from './jose-token-verifier.js';
import { JwksController } from './keys/jwks.controller.js';
import { JwtKeyRing } from './keys/jwt-key-ring.js';
import { PasswordHasher } from './password-hasher.js';
import { PrincipalCache } from './principal-cache.js';
import { PrincipalResolver } from './principal-resolver.js';
import { AuthEventController } from './events/auth-event.controller.js';
import { AuthEventRetention } from './events/auth-event-retention.js';
import { AuthEvent } from './events/auth-event.entity.js';
import { AuthEvents } from './events/auth-events.js';
import { ChangeService } from './passwords/change.service.js';
import { PasswordAge } from './passwords/password-age.js';
import { FailedLogins } from './events/failed-logins.js';
import { LockNotice } from './lockout/lock-notice.js';
import { Lockout } from './lockout/lockout.js';
import { PasswordCheck } from './lockout/password-check.js';
import { SourceLimit } from './lockout/source-limit.js';
import { FormerPassword } from './passwords/password-history.entity.js';
import { PasswordLimits } from './passwords/password-limits.js';
import { PasswordController } from './passwords/password.controller.js';
import { PasswordReset } from './passwords/password-reset.entity.js';
import { Passwords } from './passwords/passwords.js';
import { RegistrationController } from './passwords/registration.controller.js';
import { RegistrationService } from './passwords/registration.service.js';
import { ResetRequests } from './passwords/reset-requests.js';
import { ResetTokens } from './passwords/reset-tokens.js';
import { ResetService } from './passwords/reset.service.js';
import { CsrfTokens } from './cookies/csrf-tokens.js';
import { SessionCookies } from './cookies/session-cookies.js';
import { TrustedOrigins } from './cookies/trusted-origins.js';
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
import { TokenIssuer } from './token-issuer.js';
import { TokenRevocation } from './token-revocation.entity.js';
import { TokenRevocations } from './token-revocations.js';
import { TeamUsers } from '../teams/team-users.js';
import { TeamsModule } from '../teams/teams.module.js';
import { TokenVerifier } from './token-verifier.js';
import { User } from './user.entity.js';
import { UserRepository } from './user.repository.js';

@Global()
@Module({
  imports: [
    TeamsModule,
    TypeOrmModule.forFeature([User, UserSession, FormerPassword, PasswordReset, AuthEvent, TokenRevocation]),
  ],
  controllers: [
    JwksController,
    LoginController,
    AccountController,
    AuthEventController,
    OwnSessionsController,
    PasswordController,
    RegistrationController,
    SessionController,
  ],
  providers: [
    AccountService,
    AdminBootstrap,
    AnonymousAccess,
    AuthEventRetention,
    AuthEvents,
    ChangeService,
    CredentialCheck,
    CsrfTokens,
    FailedLogins,
    JwtKeyRing,
    BasicAccount,
    CredentialReader,
    LockNotice,
    Lockout,
    LoginService,
    PasswordAge,
    PasswordCheck,
    PasswordHasher,
    PasswordLimits,
    Passwords,
    PrincipalCache,
    PrincipalResolver,
    RegistrationService,
    ResetRequests,
    ResetService,
    ResetTokens,
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
    TokenIssuer,
    TokenRevocations,
    TrustedOrigins,
    UserRepository,
    { provide: TokenVerifier, useClass: JoseTokenVerifier },
    { provide: TeamUsers, useClass: AccountTeamUsers },
  ],
  exports: [
    AnonymousAccess,
    CredentialCheck,
    CredentialReader,
    CsrfTokens,
    PrincipalCache,
    TeamUsers,
    TokenIssuer,
    TokenRevocations,
    TrustedOrigins,
    UserRepository,
  ],
})
export class AuthModule {}
