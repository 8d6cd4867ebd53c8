import { Logger } from '@nestjs/common';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileMailer } from '../../src/mail/file-mailer.js';
import type { Mail, Mailer } from '../../src/mail/mailer.js';
import { MailSettings } from '../../src/mail/mail.settings.js';
import { SmtpMailer } from '../../src/mail/smtp-mailer.js';
import { ReceivingServer } from '../fixtures/receiving-server.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { type Certificates, makeCertificates } from '../integration/servers/certificates.js';
import { ServerFolder } from '../integration/servers/server-folder.js';

const MAIL: Mail = {
  to: 'ann@example.com',
  subject: 'A new passwörd for Portcullis',
  text: 'Grüße.\n\nhttps://portcullis.example.com/auth/email/reset-password/abc_def-123\n.\nThe end.\n',
};
const SENDER = { SMTP_FROM_EMAIL: 'gate@example.com', SMTP_FROM_NAME: 'The Gate' };
const ACCOUNT = { SMTP_USER: 'gate', SMTP_PASSWORD: 'a relay password' };

/** What every mailer holds to. `received` has the messages as they came. */
function keepsThePort(mailer: () => Mailer, received: () => string[]): void {
  it('hands a message over whole', async () => {
    await mailer().send(MAIL);
    const [message = '', ...others] = received();
    expect(others).toEqual([]);
    const [head = '', body = ''] = message.split(/\r?\n\r?\n([\s\S]*)/);
    expect(head).toMatch(/^From: "?The Gate"? <gate@example.com>\r?$/m);
    expect(head).toMatch(/^To: ann@example.com\r?$/m);
    expect(head).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(head).toMatch(/^Content-Transfer-Encoding: quoted-printable\r?$/m);
    expect(body.replace(/=\r?\n/g, '')).toContain('/auth/email/reset-password/abc_def-123');
    expect(body).toContain('The end.');
  });

  it.each([
    ['a second header in the address', { to: 'ann@example.com\r\nBcc: eve@example.com' }],
    ['a second address', { to: 'ann@example.com, eve@example.com' }],
    ['a name with an address', { to: '"x" <eve@example.com>' }],
    ['a group', { to: 'all: ann@example.com, eve@example.com;' }],
    ['no address', { to: '' }],
    ['a second header in the subject', { subject: 'x\r\nBcc: eve@example.com' }],
    ['a lone line feed in the subject', { subject: 'x\nBcc: eve@example.com' }],
    ['an endless subject', { subject: 'x'.repeat(201) }],
    ['an endless text', { text: 'x'.repeat(65_537) }],
  ])('refuses %s', async (_, more) => {
    await expect(mailer().send({ ...MAIL, ...more })).rejects.toThrow(/must/);
    expect(received()).toEqual([]);
  });

  it('takes a text that looks like headers for text', async () => {
    await mailer().send({ ...MAIL, text: 'Bcc: eve@example.com\r\n\r\n.\r\nMAIL FROM:<eve@example.com>\r\n' });
    const [message = '', ...others] = received();
    expect(others).toEqual([]);
    expect(message.indexOf('Bcc: eve')).toBeGreaterThan(message.search(/\r?\n\r?\n/));
  });
}

describe(FileMailer.name, () => {
  let folder: string;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'portcullis-mail-')), 'mail');
  });
  afterEach(() => {
    rmSync(join(folder, '..'), { recursive: true, force: true });
  });

  const mailer = (): FileMailer => new FileMailer(folder, settingsOf(MailSettings, SENDER));
  const names = (): string[] => {
    try {
      return readdirSync(folder).sort();
    } catch {
      return [];
    }
  };

  keepsThePort(mailer, () => names().map((name) => readFileSync(join(folder, name), 'utf8')));

  it('lets nobody else read it', async () => {
    await mailer().send(MAIL);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(names().map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);
  });

  it('keeps the newest 200', async () => {
    await mailer().send(MAIL);
    for (let number = 0; number < 210; number += 1) {
      writeFileSync(join(folder, `2020-01-01T00-00-00.${String(number).padStart(3, '0')}Z-old.eml`), 'old');
    }
    await mailer().send(MAIL);
    expect(names()).toHaveLength(200);
    expect(names()[0]).toContain('.012Z-old');
  });

  it('says where a message waits, and nothing that is in it', async () => {
    const lines: string[] = [];
    Logger.overrideLogger({
      log: () => undefined,
      error: () => undefined,
      warn: (line: unknown) => lines.push(JSON.stringify(line)),
    });
    await mailer().send(MAIL);
    Logger.overrideLogger(false);
    expect(lines).toEqual([expect.stringContaining(names()[0] ?? 'nothing')]);
    expect(lines.join()).not.toContain('abc_def-123');
  });
});

describe(SmtpMailer.name, () => {
  const folder = new ServerFolder();
  let certificates: Certificates;
  let server: ReceivingServer;
  beforeAll(() => {
    certificates = makeCertificates(folder);
  });
  afterEach(() => server.close());
  afterAll(() => folder.remove());

  const mailer = (variables: Record<string, string> = {}, host = 'localhost'): SmtpMailer => {
    const where = { SMTP_PORT: String(server.port), SMTP_TIMEOUT_SECONDS: '2', SMTP_TLS_CA_FILE: certificates.ca };
    return new SmtpMailer(host, settingsOf(MailSettings, { ...SENDER, ...where, ...variables }));
  };

  describe('with STARTTLS', () => {
    beforeEach(async () => {
      server = await ReceivingServer.start(certificates, { user: 'gate', password: 'a relay password' });
    });
    keepsThePort(
      () => mailer(ACCOUNT),
      () => server.messages,
    );

    it('sends nothing with a wrong password', async () => {
      await expect(mailer({ ...ACCOUNT, SMTP_PASSWORD: 'wrong' }).send(MAIL)).rejects.toThrow(/Invalid login/);
      expect(server.messages).toEqual([]);
    });

    it.each([
      ['of an unknown authority', { SMTP_TLS_CA_FILE: '' }, 'localhost'],
      ['for another name', {}, '127.0.0.1'],
    ])('tells nothing to a server whose certificate is %s', async (_, variables, host) => {
      await expect(mailer({ ...ACCOUNT, ...variables }, host).send(MAIL)).rejects.toThrow();
      expect([server.messages, server.logins]).toEqual([[], []]);
    });
  });

  it('speaks TLS from the first byte where that is asked for', async () => {
    server = await ReceivingServer.start(certificates, { secure: true });
    await mailer({ SMTP_TLS: 'implicit' }).send(MAIL);
    expect(server.messages).toHaveLength(1);
  });

  it('refuses to go on in clear text', async () => {
    server = await ReceivingServer.start(certificates, { clearText: true });
    await expect(mailer().send(MAIL)).rejects.toThrow(/STARTTLS|TLS/);
    expect(server.messages).toEqual([]);
  });

  it('goes in clear text to a relay where that was said', async () => {
    server = await ReceivingServer.start(certificates, { clearText: true });
    await mailer({ SMTP_TLS: 'none' }).send(MAIL);
    expect(server.messages).toHaveLength(1);
  });

  it('gives up on a server that takes no mail', async () => {
    server = await ReceivingServer.start(certificates, { refuse: true });
    await expect(mailer().send(MAIL)).rejects.toThrow(/no room/);
  });

  it.each([
    ['a user without a password', { SMTP_USER: 'gate' }, 'belong together'],
    ['a password in clear text', { ...ACCOUNT, SMTP_TLS: 'none' }, 'clear text'],
    ['authorities that are not there', { SMTP_TLS_CA_FILE: '/nowhere/ca.pem' }, 'SMTP_TLS_CA_FILE cannot be read'],
  ])('does not start with %s', async (_, variables, text) => {
    server = await ReceivingServer.start(certificates, {});
    expect(() => mailer(variables)).toThrow(text);
  });
});
