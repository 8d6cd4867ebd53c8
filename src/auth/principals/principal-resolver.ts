import { Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import {
  compileRestrictions,
  type Principal,
  type TeamScope,
  teamScope,
  type TokenRestrictions,
  UNRESTRICTED,
  type WrittenRestrictions,
} from '#libs/policy';
import { type CredentialHolder, GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { ApiTokenDirectory, type ApiTokenFacts } from './api-token-directory.js';
import { MAIL_ADDRESS } from '#libs/fields';
import { AuthSettings } from '../auth.settings.js';
import { type ExternalHolder, ExternalTokens } from '../issuers/external-tokens.js';
import { PasswordAge } from '../passwords/password-age.js';
import { RevokedTokenError } from '../jwt/revoked-token-error.js';
import type { TokenClaims } from '../jwt/token-claims.js';
import { TokenRevocations } from '../jwt/token-revocations.js';
import { RoleGrants } from '../../rbac/roles/role-grants.js';
import { SessionService } from '../sessions/session.service.js';
import { TeamMemberships } from '../../teams/team-memberships.js';
import { TokenVerifier } from '../jwt/token-verifier.js';
import type { User } from '../accounts/user.entity.js';
import { UserRepository } from '../accounts/user.repository.js';
import { isServiceAccountRow } from '../workloads/service-accounts.js';
import { type WorkloadHolder, WorkloadTokens } from '../workloads/workload-tokens.js';

interface Account {
  readonly id: string | null;
  readonly email: string;
  readonly isAdmin: boolean;
  readonly mustChangePassword: boolean;
}

/** What a Principal has beside what its account says. */
type Facts = Pick<Principal, 'kind' | 'teams'> & Partial<Principal>;

/** The one resolver of identity: a credential becomes a Principal here or is refused. */
@Injectable()
export class PrincipalResolver {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly revocations: TokenRevocations,
    private readonly users: UserRepository,
    private readonly apiTokens: ApiTokenDirectory,
    private readonly sessions: SessionService,
    private readonly settings: AuthSettings,
    private readonly memberships: TeamMemberships,
    private readonly passwordAge: PasswordAge,
    private readonly roles: RoleGrants,
    private readonly external: ExternalTokens,
    private readonly workloads: WorkloadTokens,
  ) {}

  /**
   * The holder of a token.
   * @param issuers external ones whose tokens count besides our own
   */
  async resolve(token: string, issuers: ReadonlySet<string> = NO_ISSUERS): Promise<Principal> {
    const holder = issuers.size > 0 ? await this.external.verify(token, issuers) : undefined;
    if (holder) return this.#orBlamed(holder);
    const workload = await this.workloads.verify(token);
    if (workload) return this.#ofWorkload(workload);
    const claims = await this.verifier.verify(token);
    try {
      return await this.#holder(token, claims);
    } catch (error) {
      if (error instanceof GatewayError) error.holder = await this.#formerHolder(claims);
      throw error;
    }
  }

  /** What the mapping allows and the roles of the service account grant: as a member of its teams, never as an administrator. */
  async #ofWorkload({ account: email, permissions, expiresAt }: WorkloadHolder): Promise<Principal> {
    try {
      const user = await this.users.byEmail(email);
      if (!user || !isServiceAccountRow(user)) throw new GatewayError('user_not_found');
      const account = this.#known(user);
      if (account.isAdmin) throw new GatewayError('access_denied', 'No workload is an administrator', 'service_admin');
      const teams = await this.#ownTeams(account);
      const restrictions = { ...UNRESTRICTED, permissions };
      return await this.#principal(account, { kind: 'service', teams, restrictions, expiresAt });
    } catch (error) {
      if (error instanceof GatewayError) error.holder = { subject: email, tokenId: null };
      throw error;
    }
  }

  async #orBlamed(holder: ExternalHolder): Promise<Principal> {
    try {
      return await this.#ofExternal(holder);
    } catch (error) {
      if (error instanceof GatewayError && holder.email !== undefined)
        error.holder = { subject: holder.email, tokenId: null };
      throw error;
    }
  }

  async #holder(token: string, claims: TokenClaims): Promise<Principal> {
    const { jti } = claims;
    if (jti !== undefined && (await this.revocations.isRevoked(jti))) throw new RevokedTokenError(claims);
    const row = jti === undefined ? undefined : await this.apiTokens.find(jti);
    if (row) assertUsable(row, token);
    // A token that says it comes from the catalogue must be there, or deleting its row would free it.
    else if (claims.tokenUse === 'api') throw new GatewayError('token_revoked');
    if (!row) await this.sessions.assertLive(claims);
    const account = await this.#account(row?.userId ?? claims.sub);
    if (!row) return this.#ofClaims(claims, account);
    return this.#ofRow(jti ?? null, { ...row, ...bindingIn(claims) }, account, expiryOf(claims));
  }

  /** Whom a sign-in of this account would make; nobody signs in. */
  async signedIn(email: string): Promise<Principal> {
    return this.#ofAccount('session', await this.#account(email));
  }

  /** Whom an API token of the catalogue stands for, without its text. @param id of its row */
  async ofListedToken(id: string): Promise<Principal> {
    const jti = await this.apiTokens.jtiOf(id);
    const row = jti === undefined ? undefined : await this.apiTokens.find(jti);
    if (jti === undefined || !row) throw new GatewayError('not_found', 'Token not found');
    if (await this.revocations.isRevoked(jti)) throw new GatewayError('token_revoked');
    assertInForce(row);
    return this.#ofRow(jti, row, await this.#account(row.userId), Infinity);
  }

  /** Whom the one account of HTTP Basic stands for: the administrator of the settings, and only one with a row. */
  async basicAccount(): Promise<Principal> {
    const account = await this.#account(this.settings.adminEmail);
    if (account.id === null) throw new GatewayError('user_not_found');
    return this.#ofAccount('basic', account);
  }

  /** Whom a trusted proxy names; what he may do, our own database says. */
  async proxied(email: string): Promise<Principal> {
    if (!MAIL_ADDRESS.test(email)) throw new GatewayError('user_not_found');
    return this.#ofAccount('proxy', await this.#account(email));
  }

  /** Whom a token with such a row would stand for. @throws GatewayError when it would be refused */
  async ofApiToken(row: ApiTokenFacts): Promise<Principal> {
    return this.#ofRow(null, row, await this.#account(row.userId), Infinity);
  }

  /** Notes that a principal known from before is used again; false when its session has to be looked at again. */
  stillActive({ sessionId }: Principal): boolean {
    return sessionId === undefined || this.sessions.stillActive(sessionId);
  }

  /** The signature held, so this is nobody who guesses: what is tried with an ended token belongs in its usage log. */
  async #formerHolder({ sub, jti }: TokenClaims): Promise<CredentialHolder> {
    const user = await this.users.bySubject(sub);
    return { subject: user?.email ?? sub, tokenId: jti ?? null };
  }

  /** Reaches what the user does, never as an administrator: that is nothing for a token made elsewhere. */
  async #ofExternal(holder: ExternalHolder): Promise<Principal> {
    const { external, permissions, expiresAt } = holder;
    const account = await this.#externalAccount(holder);
    return this.#principal(account, {
      kind: 'api_token',
      teams: await this.#ownTeams({ ...account, isAdmin: false }),
      restrictions: { ...UNRESTRICTED, permissions },
      external,
      ...bindingIn(holder),
      expiresAt,
    });
  }

  async #externalAccount({ email, unknownUsers }: ExternalHolder): Promise<Account> {
    const user = email === undefined ? null : await this.users.byEmail(email);
    if (user) return this.#known(user);
    if (email === undefined || !unknownUsers) throw new GatewayError('user_not_found');
    return { id: null, email, isAdmin: false, mustChangePassword: false };
  }

  #known(user: User): Account {
    const { id, email, isAdmin } = user;
    if (!user.isActive) throw new GatewayError('account_disabled');
    return { id, email, isAdmin, mustChangePassword: this.passwordAge.mustChange(user) };
  }

  async #account(subject: string): Promise<Account> {
    const user = await this.users.bySubject(subject);
    if (user) return this.#known(user);
    if (this.settings.requireUserInDb || !MAIL_ADDRESS.test(subject)) throw new GatewayError('user_not_found');
    const email = subject.toLowerCase();
    const isAdmin = email === this.settings.adminEmail.toLowerCase();
    return { id: null, email, isAdmin, mustChangePassword: false };
  }

  /** What an API token is and reaches, its row says, whatever was signed into it. */
  async #ofRow(jti: string | null, row: ApiTokenFacts, account: Account, expiresAt: number): Promise<Principal> {
    return this.#principal(account, {
      kind: 'api_token',
      teams: await this.#tokenTeams(row.teamId === null ? null : [row.teamId], account),
      tokenId: jti,
      restrictions: row.restrictions,
      ...bindingIn(row),
      ...(row.quota && { quota: row.quota }),
      expiresAt: Math.min(expiresAt, row.expiresAt?.getTime() ?? Infinity),
    });
  }

  async #ofClaims(claims: TokenClaims, account: Account): Promise<Principal> {
    const session = claims.tokenUse === 'session';
    return this.#principal(account, {
      kind: session ? 'session' : 'api_token',
      teams: await (session ? this.#ownTeams(account, claims.teams) : this.#tokenTeams(claims.teams, account)),
      tokenId: claims.jti ?? null,
      restrictions: restrictionsOf(claims.scopes),
      ...bindingIn(claims),
      ...(session && claims.sid !== undefined && { sessionId: claims.sid }),
      ...(session && account.mustChangePassword && { mustChangePassword: true as const }),
      expiresAt: expiryOf(claims),
    });
  }

  async #ofAccount(kind: 'session' | 'basic' | 'proxy', account: Account): Promise<Principal> {
    return this.#principal(account, { kind, teams: await this.#ownTeams(account) });
  }

  async #principal(account: Account, facts: Facts): Promise<Principal> {
    return Object.freeze({
      subject: account.email,
      userId: account.id,
      isAdmin: account.isAdmin,
      ...(await this.roles.of({ userId: account.id, isAdmin: account.isAdmin }, facts.teams)),
      tokenId: null,
      restrictions: UNRESTRICTED,
      expiresAt: Infinity,
      ...facts,
    });
  }

  /** What a person reaches: the teams of the database, less what a session gave up. */
  async #ownTeams(account: Account, claimed?: TokenClaims['teams']): Promise<TeamScope> {
    return teamScope({ session: true, claimed, isAdmin: account.isAdmin, memberOf: await this.#memberOf(account) });
  }

  /** What a token reaches: the teams it claims, as long as its user belongs to each; administrators have no other way in. */
  async #tokenTeams(claimed: TokenClaims['teams'], account: Account): Promise<TeamScope> {
    if (claimed && claimed.length > 0) {
      const memberOf = await this.#memberOf(account);
      if (!claimed.every((id) => memberOf.includes(id))) throw new GatewayError('team_left');
    }
    return teamScope({ session: false, claimed, isAdmin: account.isAdmin, memberOf: [] });
  }

  async #memberOf({ id }: Account): Promise<string[]> {
    return id === null ? [] : [...(await this.memberships.of(id)).keys()];
  }
}

const NO_ISSUERS: ReadonlySet<string> = new Set();

const bindingIn = ({ binding }: Pick<Principal, 'binding'>) => (binding ? { binding } : {});

const expiryOf = ({ exp }: Pick<TokenClaims, 'exp'>): number => (exp ?? Infinity) * 1000;

function assertUsable(row: ApiTokenFacts, token: string): void {
  const hash = createHash('sha256').update(token).digest();
  const known = Buffer.from(row.tokenHash, 'hex');
  if (known.length !== hash.length || !timingSafeEqual(known, hash)) throw new GatewayError('invalid_token');
  assertInForce(row);
}

function assertInForce(row: ApiTokenFacts): void {
  if (!row.active) throw new GatewayError('token_revoked', 'API token has been revoked');
  if (row.expiresAt && row.expiresAt.getTime() <= Date.now())
    throw new GatewayError('token_expired', 'API token expired');
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
