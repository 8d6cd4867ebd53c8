import { describe, expect, it } from 'vitest';
import { InProcessChangeBus } from '../../changes/change-bus.js';
import { Mail } from './mail.js';
import { Mailbox, MailboxUnavailableError } from './mailbox.js';

class MailboxThatIsAway extends Mailbox {
  put(): Promise<void> {
    return Promise.reject(new MailboxUnavailableError('away'));
  }

  take(): Promise<string | undefined> {
    return Promise.reject(new MailboxUnavailableError('away'));
  }
}

describe(Mail.name, () => {
  it.each([
    ['put', (mail: Mail) => mail.put('a', 'message')],
    ['take', (mail: Mail) => mail.take('a')],
    ['next', (mail: Mail) => mail.next('a', AbortSignal.timeout(60_000))],
  ])('says that the caller may come again when there is no mailbox: %s', async (_, ask) => {
    const mail = new Mail(new MailboxThatIsAway(), new InProcessChangeBus());
    await expect(ask(mail)).rejects.toMatchObject({
      code: 'overloaded',
      reason: 'session_store',
      retryAfterSeconds: 1,
    });
  });
});
