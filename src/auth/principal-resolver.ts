import { Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import {
  BUILT_IN_ROLES,
  compileRestrictions,
  expandPermissions,
  type Principal,
  teamScope,
  type TokenRestrictions,
  UNRESTRICTED,
  type WrittenRestrictions,
} from '#libs/policy';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { ApiTokenDirectory, type ApiTokenFacts } from './api-token-directory.js';
import { AuthSettings, EMAIL } from './auth.settings.js';
import type { TokenClaims } from './token-claims.js';
import { TokenRevocations } from './token-revocations.js';
import { SessionService } from './sessions/session.service.js';
import { TokenVerifier } from './token-verifier.js';
import { UserRepository } from './user.repository.js';

interface Account {
  readonly id: string | null;
  readonly email: string;
  readonly isAdmin: boolean;
}

/** The one resolver of identity: a credential becomes a Principal here or is refused with 401. */
@Injectable()
export class PrincipalResolver {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly revocations: TokenRevocations,
    private readonly users: UserRepository,
    private readonly apiTokens: ApiTokenDirectory,
    private readonly sessions: SessionService,
    private readonly settings: AuthSettings,
  ) {}

  async resolve(token: string): Promise<Principal> {
    const claims = await this.verifier.verify(token);
    const { jti } = claims;
    if (jti !== undefined && (await this.revocations.isRevoked(jti))) throw new GatewayError('token_revoked');
    const row = jti === undefined ? undefined : await this.apiTokens.find(jti);
    if (row) assertUsable(row, token);
    // A token that says it comes from the catalogue must be there, or deleting its row would free it.
    else if (claims.tokenUse === 'api') throw new GatewayError('token_revoked');
    if (!row) await this.sessions.assertLive(claims);
    const account = await this.#account(row?.userId ?? claims.sub);
    return this.#principal(claims, row, account);
  }

  async #account(subject: string): Promise<Account> {
    const user = await this.users.bySubject(subject);
    if (user && !user.isActive) throw new GatewayError('account_disabled');
    if (user) return user;
    if (this.settings.requireUserInDb || !EMAIL.test(subject)) throw new GatewayError('user_not_found');
    const email = subject.toLowerCase();
    return { id: null, email, isAdmin: email === this.settings.adminEmail.toLowerCase() };
  }

  #principal(claims: TokenClaims, row: ApiTokenFacts | undefined, account: Account): Principal {
    // What an API token is and reaches, its row says, whatever was signed into it.
    const session = row === undefined && claims.tokenUse === 'session';
    const claimed = row ? (row.teamId === null ? null : [row.teamId]) : claims.teams;
    const teams = teamScope({ session, claimed, isAdmin: account.isAdmin, memberOf: [] });
    // A narrowed administrator is an ordinary user: his `*` must not come back through his role.
    const role = account.isAdmin && teams.kind === 'all' ? 'platform_admin' : this.settings.defaultUserRole;
    return Object.freeze({
      kind: session ? 'session' : 'api_token',
      subject: account.email,
      userId: account.id,
      isAdmin: account.isAdmin,
      teams,
      grants: expandPermissions(BUILT_IN_ROLES[role]),
      tokenId: claims.jti ?? null,
      restrictions: row ? row.restrictions : restrictionsOf(claims.scopes),
      ...(row?.quota && { quota: row.quota }),
      ...(session && claims.sid !== undefined && { sessionId: claims.sid }),
      expiresAt: Math.min((claims.exp ?? Infinity) * 1000, row?.expiresAt?.getTime() ?? Infinity),
    });
  }
}

function assertUsable(row: ApiTokenFacts, token: string): void {
  const hash = createHash('sha256').update(token).digest();
  const known = Buffer.from(row.tokenHash, 'hex');
  if (known.length !== hash.length || !timingSafeEqual(known, hash)) throw new GatewayError('invalid_token');
  if (!row.active) throw new GatewayError('token_revoked');
  if (row.expiresAt && row.expiresAt.getTime() <= Date.now()) throw new GatewayError('token_expired');
}

function restrictionsOf(scopes: WrittenRestrictions | undefined): TokenRestrictions {
  if (!scopes) return UNRESTRICTED;
  const { serverId } = scopes;
  try {
    return compileRestrictions({ ...scopes, serverId: serverId === null ? null : normaliseId(serverId) });
  } catch {
    throw new GatewayError('invalid_token', 'Invalid token: malformed scopes field');
  }
}
