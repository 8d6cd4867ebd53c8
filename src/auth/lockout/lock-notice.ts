import { Injectable, Logger } from '@nestjs/common';
import { logText } from '../../audit/log-text.js';
import type { ClientInfo } from '../../http/request-context.js';
import { Mailer } from '../../mail/mailer.js';
import { LockoutSettings } from './lockout.settings.js';

/** Tells the owner of an account by e-mail that it was locked. */
@Injectable()
export class LockNotice {
  readonly #log = new Logger(LockNotice.name);

  constructor(
    private readonly settings: LockoutSettings,
    private readonly mailer: Mailer,
  ) {}

  /** Does not wait: how long mail takes must not show who has an account. */
  send(email: string, until: Date, { address }: ClientInfo): void {
    if (!this.settings.notify) return;
    const text = [
      `After ${this.settings.maxFailures} wrong passwords in a row your account ${email} was locked.`,
      `The last one came from ${logText(address, 64)}. It opens again at ${until.toISOString()}.`,
      '',
      'If that was not you, somebody is guessing your password. An administrator can unlock the account sooner.',
      '',
    ].join('\n');
    this.mailer.send({ to: email, subject: 'Your account was locked', text }).catch((error: unknown) => {
      this.#log.error({ message: 'the notice about a lock was not sent', error });
    });
  }
}
