import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AdminBootstrap } from './admin-bootstrap.js';
import { LoginController } from './login.controller.js';
import { LoginService } from './login.service.js';
import { PassportJwtVerifier } from './passport-jwt-verifier.js';
import { PasswordHasher } from './password-hasher.js';
import { PrincipalCache } from './principal-cache.js';
import { PrincipalResolver } from './principal-resolver.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenRevocation } from './token-revocation.entity.js';
import { TokenRevocations } from './token-revocations.js';
import { TokenVerifier } from './token-verifier.js';
import { User } from './user.entity.js';
import { UserRepository } from './user.repository.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([User, TokenRevocation])],
  controllers: [LoginController],
  providers: [
    AdminBootstrap,
    LoginService,
    PasswordHasher,
    PrincipalCache,
    PrincipalResolver,
    TokenIssuer,
    TokenRevocations,
    UserRepository,
    { provide: TokenVerifier, useClass: PassportJwtVerifier },
  ],
  exports: [PrincipalCache, TokenIssuer, TokenRevocations, UserRepository],
})
export class AuthModule {}
