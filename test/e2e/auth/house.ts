import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { TokenRevocations } from '../../../src/auth/jwt/token-revocations.js';
import { ApiToken } from '../../../src/tokens/api-token.entity.js';
import { TeamMember } from '../../../src/teams/team-member.entity.js';
import { joinTeam } from '../../fixtures/join-team.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET } from '../../fixtures/signed-token.js';
import { DOORS, type Headers, knock } from './doors.js';
import type { Told } from './rule-table.js';

export const PASSWORD = 'Purple cows; never slept';
/** Administrators need a longer one. */
const LONG_PASSWORD = `${PASSWORD}, ever`;
const USERS = '/auth/email/admin/users';

export interface Person {
  readonly id: string;
  readonly email: string;
  /** A token of a real sign-in. */
  readonly session: string;
}

export interface Minted {
  readonly id: string;
  readonly text: string;
}

/** A gateway with people who come and go, all of it over its own routes where it has them. */
export class House {
  #people = 0;

  private constructor(
    readonly running: RunningGateway,
    readonly serverId: string,
  ) {}

  static async open(variables: Headers = {}): Promise<House> {
    const running = await RunningGateway.start({
      JWT_SECRET_KEY: SHARED_SECRET,
      LOGIN_ATTEMPTS_PER_ADDRESS: '10000',
      FAILED_LOGIN_MIN_RESPONSE_MS: '0',
      ...variables,
    });
    const { body } = await running.rest('POST', '/servers', { server: { name: 'a door' } });
    return new House(running, body.id as string);
  }

  async person(): Promise<Person> {
    const email = `person.${(this.#people += 1)}@example.com`;
    await this.#done('POST', USERS, { email, password: PASSWORD, password_change_required: false });
    const { access_token: session } = await this.#done('POST', '/auth/login', { email, password: PASSWORD }, null);
    const [, claims = ''] = session.split('.');
    return { email, session, id: JSON.parse(Buffer.from(claims, 'base64url').toString()).sub };
  }

  async mint(session: string, more: object = {}): Promise<Minted> {
    const body = { name: randomBytes(8).toString('hex'), expires_in_days: 1, ...more };
    const { access_token: text, token } = await this.#done('POST', '/tokens', body, session);
    return { text, id: token.id };
  }

  disable = ({ email }: Person): Promise<unknown> => this.#done('PATCH', `${USERS}/${email}`, { is_active: false });
  remove = ({ email }: Person): Promise<unknown> => this.#done('DELETE', `${USERS}/${email}`);
  revoke = (session: string, id: string): Promise<unknown> => this.#done('DELETE', `/tokens/${id}`, undefined, session);
  switchOff = (session: string, id: string): Promise<unknown> =>
    this.#done('PUT', `/tokens/${id}`, { is_active: false }, session);
  logOut = (session: string): Promise<unknown> => this.#done('POST', '/auth/logout', undefined, session);
  refresh = (session: string): Promise<unknown> => this.#done('POST', '/auth/refresh', undefined, session);

  /** Somebody else administers from now on, and the first one is disabled. */
  async replaceTheAdministrator(): Promise<void> {
    const email = 'second@example.com';
    const body = { email, password: LONG_PASSWORD, is_admin: true, password_change_required: false };
    await this.#done('POST', USERS, body);
    const { access_token: session } = await this.#done('POST', '/auth/login', { email, password: LONG_PASSWORD }, null);
    await this.#done('PATCH', `${USERS}/${ADMIN.email}`, { is_active: false }, session);
  }

  /** Lets a token end that nobody has used yet. */
  async letExpire(id: string): Promise<void> {
    await this.#database.getRepository(ApiToken).update({ id }, { expiresAt: new Date(Date.now() - 1) });
  }

  /** Takes back what no row of the catalogue stands for. */
  async revokeForeign(jti: string): Promise<void> {
    const why = { revokedBy: ADMIN.email, reason: 'stolen', tokenExpiry: null };
    await this.running.gateway.app.get(TokenRevocations).revoke({ jti, ...why });
  }

  async join(team: string, person: Person): Promise<void> {
    await joinTeam(this.#database, team, [person]);
  }

  async leave(teamId: string, { id: userId }: Person): Promise<void> {
    await this.#database.getRepository(TeamMember).update({ teamId, userId }, { isActive: false });
  }

  /** What all doors of a column say. */
  at(column: string, headers: Headers): Promise<Told[]> {
    const doors = DOORS[column] ?? [];
    return Promise.all(doors.map((door) => knock(this.running.url, door, this.serverId, headers)));
  }

  get #database(): DataSource {
    return this.running.gateway.app.get(DataSource);
  }

  async #done(method: string, path: string, body?: object, token?: string | null) {
    const answer = await this.running.rest(method, path, body, token);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
