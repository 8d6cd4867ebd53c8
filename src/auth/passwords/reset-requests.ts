import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { GatewayError } from '../../http/errors.js';
import { HttpSettings } from '../../http/http.settings.js';
import type { ClientInfo } from '../../http/request-context.js';
import { Mailer } from '../../mail/mailer.js';
import { AuthEvents } from '../events/auth-events.js';
import { Turnstile } from './turnstile.js';
import type { User } from '../accounts/user.entity.js';
import { UserRepository } from '../accounts/user.repository.js';
import { ResetTokens } from './reset-tokens.js';

const AT_ONCE = 2;
const WAITING = 100;
/** A mail server that hangs must not hold up the end of the process, milliseconds. */
const LONGEST_GOODBYE = 5000;

/**
 * Sends people the way to a new password, after they were answered: who asks learns nothing from the time it takes,
 * nor from a mail server that fails.
 */
@Injectable()
export class ResetRequests implements BeforeApplicationShutdown {
  readonly #log = new Logger(ResetRequests.name);
  readonly #turnstile = new Turnstile(AT_ONCE, WAITING);
  readonly #running = new Set<Promise<void>>();
  #closing = false;

  constructor(
    private readonly users: UserRepository,
    private readonly tokens: ResetTokens,
    private readonly mailer: Mailer,
    private readonly events: AuthEvents,
    private readonly http: HttpSettings,
  ) {}

  /** @throws GatewayError 503 when too many wait already, whoever they are */
  accept(email: string, client: ClientInfo): void {
    if (this.#running.size >= AT_ONCE + WAITING) throw new GatewayError('overloaded');
    const work: Promise<void> = this.#turnstile
      .pass(() => this.#handle(email, client))
      .catch((error: unknown) => this.#log.error({ message: 'a request for a password reset failed', error }))
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  /** Ends when everything that was accepted is done. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Lets messages that are on their way go; people whose turn has not come ask again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#closing = true;
    await Promise.race([this.idle(), pause(LONGEST_GOODBYE, undefined, { ref: false })]);
  }

  async #handle(email: string, client: ClientInfo): Promise<void> {
    if (this.#closing) return;
    const user = await this.users.byEmail(email);
    const failureReason = await this.#mail(user, client);
    await this.events.record({
      email,
      type: 'password_reset_requested',
      success: failureReason === undefined,
      client,
      ...(failureReason !== undefined && { failureReason }),
    });
  }

  /** @returns why no message went out */
  async #mail(user: User | null, client: ClientInfo): Promise<string | undefined> {
    if (!user) return 'no_such_account';
    if (!user.isActive || !user.emailVerified || user.authProvider !== 'local') return 'account_not_eligible';
    const { token, expiresAt } = await this.tokens.issue(user, client.address);
    const link = this.http.linkTo(`/auth/email/reset-password/${token}`);
    try {
      await this.mailer.send({ to: user.email, ...message(link, expiresAt) });
      return undefined;
    } catch (error) {
      this.#log.error({ message: 'the mail of a password reset was not taken over', error });
      return 'mail_failed';
    }
  }
}

function message(link: string, expiresAt: Date): { readonly subject: string; readonly text: string } {
  return {
    subject: 'A new password for Portcullis',
    text: `Somebody, probably you, asked for a new password for your account.

This link lets you choose one. It works once, until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC:

${link}

If it was not you, there is nothing to do: without the link your password stays as it is.
`,
  };
}
