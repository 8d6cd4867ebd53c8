import { randomBytes } from 'node:crypto';
import type { RoleScope } from '#libs/policy';
import { DataSource } from 'typeorm';
import type { User } from '../../../src/auth/accounts/user.entity.js';
import { ChangeBus } from '../../../src/changes/change-bus.js';
import { RoleAssignment } from '../../../src/rbac/roles/role-assignment.entity.js';
import { Role } from '../../../src/rbac/roles/role.entity.js';
import { CatalogService } from '../../../src/registry/catalog/catalog.service.js';
import { PersonalTeams } from '../../../src/teams/personal-teams.js';
import { joinTeam } from '../../fixtures/join-team.js';
import { addUser } from '../../fixtures/people.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { type Account, ACCOUNTS, addressOf, type Persona, RED } from './personas.js';

export const newId = (): string => randomBytes(16).toString('hex');

const MANY = '100000';
const VARIABLES = {
  JWT_SECRET_KEY: SHARED_SECRET,
  RATE_LIMIT_CRITICAL_PER_MINUTE: MANY,
  RATE_LIMIT_HIGH_PER_MINUTE: MANY,
  MAX_TEAMS_PER_USER: '10000',
};

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Two gateways, one that lets in nobody without a credential and one that does; the people of the matrix are at the second. */
export class World {
  /** The team of the rows. */
  readonly team = newId();
  /** The team of bea. */
  readonly otherTeam = newId();
  readonly users = new Map<Account, User>();

  private constructor(
    readonly running: RunningGateway,
    readonly closed: RunningGateway,
    readonly upstream: GrowingUpstream,
  ) {}

  static async open(): Promise<World> {
    const letsIn = { ...VARIABLES, AUTH_REQUIRED: 'false', MCP_REQUIRE_AUTH: 'false' };
    const upstream = await GrowingUpstream.start({ tools: [tool('run')] });
    const world = new World(await RunningGateway.start(letsIn), await RunningGateway.start(VARIABLES), upstream);
    await world.#people();
    return world;
  }

  get database(): DataSource {
    return this.running.gateway.app.get(DataSource);
  }

  user(account: Account): User {
    const user = this.users.get(account);
    if (!user) throw new Error(`nobody is called ${account}`);
    return user;
  }

  /** A fresh credential; null for none. @param team that takes the place of the one of the rows */
  credentialOf({ account, credential, narrowed }: Persona, team = this.team): string | null {
    if (account === null) return null;
    const sub = this.user(account).id;
    if (credential === 'session') return signedToken({ sub, token_use: 'session' });
    return signedToken({ sub, teams: narrowed === 'to the team' ? [team] : [] });
  }

  /** What is answered: the status, and the code of a refusal. */
  async answer(persona: Persona, request: Request, token = this.credentialOf(persona)): Promise<string> {
    const { status, code } = await this.told(persona, request, token);
    return code === undefined ? String(status) : `${status} ${code}`;
  }

  async told(persona: Persona, { method, path, body, headers }: Request, token = this.credentialOf(persona)) {
    const response = await fetch((persona.closed ? this.closed : this.running).url + path, {
      method,
      headers: {
        accept: 'application/json, text/event-stream',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const code = response.ok ? undefined : /"code":\s*"?([\w-]+)/.exec(text)?.[1];
    return { status: response.status, headers: response.headers, code, text };
  }

  /** Rows were written past the routes. */
  async publish(): Promise<void> {
    this.running.gateway.app.get(ChangeBus).publish({ kind: 'registry_changed' });
    await this.running.gateway.app.get(CatalogService, { strict: false }).refreshed();
  }

  async stop(): Promise<void> {
    await Promise.all([this.running.stop(), this.closed.stop(), this.upstream.close()]);
  }

  async #people(): Promise<void> {
    const { gateway } = this.running;
    const users = gateway.app.get(PersonalTeams, { strict: false });
    for (const account of ACCOUNTS) {
      const user = await addUser(this.running, addressOf(account), account === 'root');
      await users.ensure(user);
      this.users.set(account, user);
    }
    const admin = await this.database.getRepository<User>('User').findOneByOrFail({ email: ADMIN.email });
    this.users.set('admin', admin);
    for (const [account, role] of Object.entries(RED))
      await joinTeam(this.database, this.team, [this.user(account as keyof typeof RED)], role);
    await joinTeam(this.database, this.otherTeam, [this.user('bea')], 'owner');
    await this.#addRole('auditor', ['admin.security_audit']);
    await this.#addRole('master', ['*'], 'team');
    await this.#make('audra', 'auditor', 'global');
    await this.#make('max', 'master');
    await this.#make('dan', 'developer');
    await this.#make('olga', 'developer');
  }

  async #addRole(name: string, permissions: string[], scope: RoleScope = 'global'): Promise<void> {
    const now = new Date();
    const row = {
      id: newId(),
      name,
      scope,
      permissions,
      isSystemRole: false,
      isActive: true,
      createdAt: now,
      updatedAt: now,
    };
    await this.database.getRepository(Role).insert(row);
  }

  async #make(account: Account, name: string, scope: RoleScope = 'team'): Promise<void> {
    const { id: roleId } = await this.database.getRepository(Role).findOneByOrFail({ name });
    const where = { scope, scopeId: scope === 'team' ? this.team : '' };
    const given = { grantedBy: null, grantedAt: new Date(), expiresAt: null, source: 'manual' } as const;
    await this.database
      .getRepository(RoleAssignment)
      .insert({ id: newId(), userId: this.user(account).id, roleId, ...where, ...given });
  }
}
