import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ResetRequests } from '../../../src/auth/passwords/reset-requests.js';
import { ADMIN, type RunningGateway } from '../../fixtures/running-gateway.js';
import { basic, bearer, cookie, damaged } from './credentials.js';
import type { Headers } from './doors.js';
import type { Answer, Witness } from './witness.js';

const USERS = '/auth/email/admin/users';
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const MCP = { accept: 'application/json, text/event-stream' };

const freshPassword = (): string => `Canary-${randomBytes(12).toString('hex')}!`;

/** Whose secrets are looked for, and what the gateway was started with. */
export interface LifeParts {
  readonly running: RunningGateway;
  readonly witness: Witness;
  readonly origin: string;
  readonly basicPassword: string;
  /** The URL of an upstream that is there. */
  readonly upstream: string;
  /** The mails that wait, newest last. */
  readonly mails: () => readonly string[];
}

/** All that can happen to credentials, from the first sign-in to the last fault, in front of a witness. */
export class Life {
  readonly #email = 'ann@example.com';
  #password = freshPassword();
  readonly #admin: string;

  constructor(private readonly parts: LifeParts) {
    this.#admin = parts.running.session;
    parts.witness.keep('a session token', this.#admin);
    parts.witness.keep('a password', ADMIN.password, this.#password);
  }

  async run(): Promise<void> {
    await this.#accounts();
    await this.#signIns();
    await this.#changes();
    await this.#forgotten();
    await this.#browser();
    await this.#apiTokens();
    await this.#teams();
    await this.#upstream();
    await this.#misplaced();
    await this.#broken();
    await this.#leaving();
  }

  async #accounts(): Promise<void> {
    const body = { email: this.#email, password: this.#password, password_change_required: false };
    await this.#call(201, 'POST', USERS, body);
    await this.#call(409, 'POST', USERS, body);
    await this.#call(400, 'POST', USERS, { email: 'bob@example.com', password: this.#canary().slice(0, 11) });
    await this.#call(200, 'GET', USERS);
    await this.#call(200, 'PATCH', `${USERS}/${this.#email}`, { full_name: 'Ann' });
    await this.#call(200, 'GET', `${USERS}/${this.#email}`);
    const member = await this.#signIn();
    await this.#call(403, 'POST', USERS, body, bearer(member));
    const registration = { email: 'new@example.com', password: this.#canary() };
    const { body: registered } = await this.#call(200, 'POST', '/auth/email/register', registration, {});
    this.parts.witness.keep('a session token', registered.access_token);
  }

  async #signIns(): Promise<void> {
    for (const who of [this.#email, 'nobody@example.com', ADMIN.email])
      await this.#call(401, 'POST', '/auth/login', { email: who, password: this.#canary() }, {});
    for (let time = 0; time < 6; time += 1)
      await this.#call(401, 'POST', '/auth/login', { email: this.#email, password: this.#canary() }, {});
    await this.#call(401, 'POST', '/auth/login', { email: this.#email, password: this.#password }, {});
    await this.#call(200, 'POST', `${USERS}/${this.#email}/unlock`);
    const session = await this.#signIn();
    for (const path of ['/auth/email/me', '/auth/validate', '/auth/sessions', '/auth/email/events'])
      await this.#call(200, 'GET', path, undefined, bearer(session));
    const { body } = await this.#call(200, 'POST', '/auth/refresh', undefined, bearer(session));
    this.parts.witness.keep('a session token', body.access_token);
    await this.#call(401, 'POST', '/auth/refresh', undefined, bearer(session));
    for (const token of [session, damaged(body.access_token)])
      for (const path of ['/servers', '/mcp']) await this.#call(401, 'POST', path, LIST, { ...bearer(token), ...MCP });
    await this.#call(200, 'POST', '/auth/logout', undefined, bearer(body.access_token));
    await this.#call(401, 'POST', '/auth/logout', undefined, bearer(body.access_token));
    await this.#call(200, 'GET', '/tools', undefined, basic('admin', this.parts.basicPassword));
    await this.#call(401, 'GET', '/tools', undefined, basic('admin', this.#canary()));
  }

  async #changes(): Promise<void> {
    const session = await this.#signIn();
    const path = '/auth/email/change-password';
    const next = this.#canary();
    await this.#call(401, 'POST', path, { old_password: this.#canary(), new_password: next }, bearer(session));
    await this.#call(400, 'POST', path, this.#both(this.#password), bearer(session));
    await this.#call(400, 'POST', path, this.#both(this.#canary().slice(0, 11)), bearer(session));
    await this.#call(200, 'POST', path, this.#both(next), bearer(session));
    this.#password = next;
    await this.#call(200, 'PATCH', `${USERS}/${this.#email}`, { password_change_required: true });
    await this.#call(403, 'POST', '/auth/login', { email: this.#email, password: this.#password }, {});
    const required = { email: this.#email, ...this.#both(this.#canary()) };
    await this.#call(200, 'POST', `${path}-required`, required, {});
    this.#password = required.new_password;
  }

  async #forgotten(): Promise<void> {
    const { witness, running } = this.parts;
    for (const email of [this.#email, 'nobody@example.com'])
      await this.#call(200, 'POST', '/auth/email/forgot-password', { email }, {});
    await running.gateway.app.get(ResetRequests).idle();
    const link = /reset-password\/([\w-]{43})/;
    const [, token = 'no link'] = link.exec(this.parts.mails().find((mail) => link.test(mail)) ?? '') ?? [];
    witness.keep('a reset token', token);
    const path = `/auth/email/reset-password/${token}`;
    const both = (password: string) => ({ new_password: password, confirm_password: password });
    await this.#call(200, 'GET', path, undefined, {});
    await this.#call(400, 'POST', path, both(this.#canary().slice(0, 11)), {});
    await this.#call(422, 'POST', path, { new_password: this.#canary(), confirm_password: [token] }, {});
    this.#password = this.#canary();
    await this.#call(200, 'POST', path, both(this.#password), {});
    await this.#call(410, 'POST', path, both(this.#canary()), {});
    await this.#call(404, 'GET', `${path}/more`, undefined, {});
  }

  async #browser(): Promise<void> {
    const { witness, origin } = this.parts;
    const body = { email: this.#email, password: this.#password, cookie: true };
    const { body: login } = await this.#call(200, 'POST', '/auth/login', body, {});
    witness.keep('a session token', login.access_token);
    const { body: csrf } = await this.#call(200, 'GET', '/auth/csrf-token', undefined, cookie(login.access_token));
    witness.keep('a CSRF token', csrf.csrf_token);
    const proof = (token: string): Headers => ({
      cookie: `jwt_token=${login.access_token}; mcpgateway_csrf_token=${csrf.csrf_token}`,
      accept: 'text/html',
      origin,
      'x-csrf-token': token,
    });
    await this.#call(403, 'POST', '/auth/refresh', undefined, proof(`${csrf.csrf_token}0`));
    await this.#call(401, 'POST', '/mcp', LIST, proof(csrf.csrf_token));
    await this.#call(200, 'GET', '/docs', undefined, cookie(login.access_token));
    const { body: renewed } = await this.#call(200, 'POST', '/auth/refresh', undefined, proof(csrf.csrf_token));
    witness.keep('a session token', renewed.access_token);
    witness.keep('a CSRF token', renewed.csrf_token);
  }

  async #apiTokens(): Promise<void> {
    const { witness } = this.parts;
    const wish = { name: 'ci', expires_in_days: 1, scope: { usage_limits: { requests_per_hour: 1 } } };
    const { body } = await this.#call(201, 'POST', '/tokens', wish);
    const token: string = body.access_token;
    witness.keep('an API token', token);
    const own = `/tokens/${body.token.id}`;
    await this.#call(409, 'POST', '/tokens', wish);
    for (const status of [200, 429]) await this.#call(status, 'GET', '/tools', undefined, bearer(token));
    await this.#call(200, 'PUT', own, { description: 'ours', scope: {} });
    await this.#call(200, 'GET', '/tools', undefined, bearer(token));
    await this.#call(200, 'POST', '/mcp', LIST, { ...bearer(token), ...MCP });
    await this.#call(403, 'POST', '/tokens', { ...wish, name: 'more' }, bearer(token));
    for (const path of ['/tokens', own, `${own}/usage`, '/tokens/admin/all', '/usage', '/auth/email/admin/events'])
      await this.#call(200, 'GET', path);
    await this.#call(401, 'GET', '/tools', undefined, bearer(damaged(token)));
    await this.#call(204, 'DELETE', own);
    await this.#call(401, 'GET', '/tools', undefined, bearer(token));
    await this.#call(401, 'POST', '/mcp', LIST, { ...bearer(token), ...MCP });
  }

  async #teams(): Promise<void> {
    const { body: team } = await this.#call(201, 'POST', '/teams', { name: 'The Crew' });
    const path = `/teams/${team.id}/invitations`;
    const { body: sent } = await this.#call(201, 'POST', path, { email: this.#email });
    this.parts.witness.keep('an invitation', sent.token);
    await this.#call(200, 'GET', path);
    const session = await this.#signIn();
    const accept = `/teams/invitations/${sent.token}/accept`;
    await this.#call(400, 'POST', accept);
    await this.#call(200, 'POST', accept, undefined, bearer(session));
    await this.#call(404, 'POST', accept, undefined, bearer(session));
  }

  async #upstream(): Promise<void> {
    const secret = this.#canary('an upstream credential');
    const wish = { url: this.parts.upstream, transport: 'STREAMABLEHTTP', auth_type: 'bearer', auth_token: secret };
    const { body } = await this.#call(200, 'POST', '/gateways', { name: 'up', ...wish });
    await this.#call(409, 'POST', '/gateways', { name: 'up', ...wish });
    await this.#call(502, 'POST', '/gateways', { name: 'away', ...wish, url: 'http://127.0.0.1:1/mcp' });
    await this.#call(422, 'POST', '/gateways', { name: 'wrong', ...wish, auth_token: [secret] });
    for (const path of ['/gateways', `/gateways/${body.id}`, '/tools']) await this.#call(200, 'GET', path);
    await this.#call(200, 'POST', '/mcp', LIST, { ...bearer(this.#admin), ...MCP });
  }

  /** Secrets where none belongs. */
  async #misplaced(): Promise<void> {
    const session = await this.#signIn();
    const secret = this.#canary();
    const login = '/auth/login';
    for (const [status, body] of [
      [400, `{"email":"${this.#email}","password":"${secret}"`],
      [400, secret],
      [400, `["${secret}"]`],
      [400, `{"password":"${secret}","password":"${secret}"}`],
      [400, { username: 'ann', password: secret }],
      [413, { email: this.#email, password: secret, more: 'x'.repeat(2_000_000) }],
      [422, { email: this.#email, password: [secret] }],
      [422, { email: this.#email, password: { secret } }],
      [422, { email: this.#email, password: secret.repeat(50) }],
      [422, { email: [secret], password: secret }],
      [422, { email: this.#email, password: secret, token: session }],
    ] as const)
      await this.#call(status, 'POST', login, body, {});
    await this.#call(415, 'POST', login, { password: secret }, { 'content-type': 'text/plain' });
    await this.#call(404, 'PUT', login, { password: secret });
    await this.#call(404, 'POST', '/nowhere', { password: secret });
    await this.#call(401, 'GET', '/tools', undefined, bearer(secret));
    await this.#call(401, 'GET', '/tools', undefined, { authorization: secret });
    await this.#call(401, 'GET', `/tools?access_token=${session}&token=${secret}`, undefined, {});
    await this.#call(401, 'POST', '/mcp', `{"jsonrpc":"2.0","id":"${secret}"`, { ...MCP, ...bearer(secret) });
    await this.#call(400, 'POST', '/mcp', `{"jsonrpc":"2.0","secret":"${secret}"`, { ...MCP, ...bearer(this.#admin) });
  }

  /** The database refuses what each of them writes, with what is secret among its parameters. */
  async #broken(): Promise<void> {
    const session = await this.#signIn();
    const credentials = { email: this.#email, password: this.#password };
    const { body: team } = await this.#call(201, 'POST', '/teams', { name: 'The Band' });
    const change = this.#both(this.#canary());
    await this.#refused('INSERT', 'email_api_tokens', 'POST', '/tokens', { name: 'x', expires_in_days: 1 });
    await this.#refused('INSERT', 'user_sessions', 'POST', '/auth/login', credentials);
    await this.#refused('INSERT', 'password_history', 'POST', '/auth/email/change-password', change, session);
    await this.#refused('UPDATE', 'email_users', 'POST', '/auth/email/change-password', change, session);
    await this.#refused('INSERT', 'token_revocations', 'POST', '/auth/refresh', undefined, session);
    const invitation = { email: 'dan@example.com' };
    await this.#refused('INSERT', 'email_team_invitations', 'POST', `/teams/${team.id}/invitations`, invitation);
  }

  async #leaving(): Promise<void> {
    const session = await this.#signIn();
    await this.#call(200, 'PATCH', `${USERS}/${this.#email}`, { is_active: false });
    await this.#call(401, 'GET', '/tools', undefined, bearer(session));
    await this.#call(401, 'POST', '/auth/login', { email: this.#email, password: this.#password }, {});
  }

  async #refused(
    write: 'INSERT' | 'UPDATE',
    table: string,
    method: string,
    path: string,
    body?: object,
    token = this.#admin,
  ): Promise<void> {
    const database = this.parts.running.gateway.app.get(DataSource);
    await database.query(`CREATE TRIGGER refused BEFORE ${write} ON ${table} BEGIN SELECT RAISE(ABORT, 'broken'); END`);
    await this.#call(500, method, path, body, bearer(token));
    await database.query('DROP TRIGGER refused');
  }

  async #signIn(): Promise<string> {
    const { body } = await this.#call(200, 'POST', '/auth/login', { email: this.#email, password: this.#password }, {});
    this.parts.witness.keep('a session token', body.access_token);
    return body.access_token;
  }

  #both(next: string) {
    return { old_password: this.#password, new_password: next };
  }

  #canary(kind = 'a password'): string {
    const secret = freshPassword();
    this.parts.witness.keep(kind, secret);
    return secret;
  }

  /** As the administrator, unless other headers are given. */
  async #call(status: number, method: string, path: string, body?: unknown, headers?: Headers): Promise<Answer> {
    const { witness, running } = this.parts;
    const answer = await witness.call(running.url, method, path, body, headers ?? bearer(this.#admin));
    if (answer.status === status) return answer;
    throw new Error(`${method} ${path}: ${answer.status} instead of ${status}, ${JSON.stringify(answer.body)}`);
  }
}
