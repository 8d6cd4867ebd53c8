import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { envelopeOf } from './envelope.js';
import { type Mail, Mailer } from './mailer.js';
import type { MailSettings } from './mail.settings.js';

/** Older messages make room: the folder must not fill the disk. */
const MOST_MESSAGES = 200;

/** For a gateway without a mail server: each message becomes a file (RFC 5322) that only the owner of the process can read. */
export class FileMailer extends Mailer {
  readonly #log = new Logger(FileMailer.name);
  readonly #transport = createTransport({ streamTransport: true, buffer: true });

  constructor(
    private readonly folder: string,
    private readonly settings: MailSettings,
  ) {
    super();
  }

  async send(mail: Mail): Promise<void> {
    const { message } = await this.#transport.sendMail(envelopeOf(mail, this.settings));
    if (!Buffer.isBuffer(message)) throw new Error('the message was not composed in memory');
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    // It may be older than this process, with the umask of somebody else.
    await chmod(this.folder, 0o700);
    const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomBytes(6).toString('hex')}.eml`;
    await writeFile(join(this.folder, name), message, { mode: 0o600, flag: 'wx' });
    await this.#makeRoom();
    this.#log.warn({ message: 'no SMTP_HOST: a message waits in a file', file: join(this.folder, name) });
  }

  /** Names begin with their time, so the first ones are the oldest. */
  async #makeRoom(): Promise<void> {
    const messages = (await readdir(this.folder)).filter((name) => name.endsWith('.eml')).sort();
    const old = messages.slice(0, Math.max(0, messages.length - MOST_MESSAGES));
    await Promise.all(old.map((name) => rm(join(this.folder, name), { force: true })));
  }
}
