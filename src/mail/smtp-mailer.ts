import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { envelopeOf } from './envelope.js';
import { type Mail, Mailer } from './mailer.js';
import type { MailSettings } from './mail.settings.js';

/**
 * Gives mail to one server, the one of the settings. It does not go through libs/egress, which speaks HTTP: the guards
 * there are against addresses that callers choose, and nobody but the operator chooses this one.
 */
export class SmtpMailer extends Mailer {
  readonly #transport;

  /** @throws Error when the settings contradict each other or the file of authorities can't be read */
  constructor(
    host: string,
    private readonly settings: MailSettings,
  ) {
    super();
    const { port, tls, timeoutSeconds } = settings;
    const milliseconds = timeoutSeconds * 1000;
    this.#transport = createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...authorities(settings) },
      ...credentials(settings),
      dnsTimeout: milliseconds,
      connectionTimeout: milliseconds,
      greetingTimeout: milliseconds,
      socketTimeout: milliseconds,
    });
  }

  async send(mail: Mail): Promise<void> {
    await this.#transport.sendMail(envelopeOf(mail, this.settings));
  }
}

function credentials({ user, password, tls }: MailSettings): { auth?: { user: string; pass: string } } {
  if ((user === undefined) !== (password === undefined)) {
    throw new Error('SMTP_USER and SMTP_PASSWORD belong together: set both or none');
  }
  if (user === undefined || password === undefined) return {};
  if (tls === 'none') throw new Error('SMTP_TLS none would send SMTP_PASSWORD in clear text');
  return { auth: { user, pass: password.reveal() } };
}

function authorities({ tlsCaFile }: MailSettings): { ca?: Buffer } {
  if (tlsCaFile === undefined) return {};
  try {
    return { ca: readFileSync(tlsCaFile) };
  } catch (error) {
    throw new Error(`SMTP_TLS_CA_FILE cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
