import { choice, integer, optional, secret, text } from '../config/setting.js';
import { settings } from '../config/settings.js';
import { MAIL_ADDRESS } from '#libs/fields';

const HOST_NAME = /^[a-zA-Z0-9.:-]+$/;

export class MailSettings extends settings('Mail', {
  host: optional(
    'SMTP_HOST',
    'The server that takes mail over. Without it each message is a file in DATA_DIR/mail, for its owner only.',
    { pattern: HOST_NAME, rule: 'must be a host name or an address' },
  ),
  port: integer('SMTP_PORT', 587, { min: 1, max: 65_535 }, 'Its TCP port.'),
  user: optional('SMTP_USER', 'The account at the server; goes with SMTP_PASSWORD.'),
  password: secret('SMTP_PASSWORD', 'The password of SMTP_USER.'),
  tls: choice(
    'SMTP_TLS',
    ['starttls', 'implicit', 'none'],
    'starttls',
    '`starttls` refuses to go on in clear text; `implicit` speaks TLS from the first byte (port 465); `none` is for a relay on this machine and takes no password.',
  ),
  tlsCaFile: optional(
    'SMTP_TLS_CA_FILE',
    'Path of the PEM file with the authorities to trust instead of the system ones.',
  ),
  timeoutSeconds: integer(
    'SMTP_TIMEOUT_SECONDS',
    15,
    { min: 1, max: 300 },
    'How long the server may take to be found, to greet and to answer, seconds each.',
  ),
  fromEmail: text('SMTP_FROM_EMAIL', 'portcullis@localhost.localdomain', 'The sender of every message.', {
    check: (value) => MAIL_ADDRESS.test(value),
    rule: 'must be an e-mail address',
  }),
  fromName: text('SMTP_FROM_NAME', 'Portcullis', 'The name of the sender.', {
    pattern: /^\P{Cc}{1,100}$/u,
    rule: 'must be at most 100 characters without control characters',
  }),
}) {}
