import type { Mail } from './mailer.js';
import { MAIL_ADDRESS } from '#libs/fields';
import type { MailSettings } from './mail.settings.js';

const LONGEST_SUBJECT = 200;
const LONGEST_TEXT = 65_536;
const CONTROL = /\p{Cc}/u;

/** What nodemailer is given. It reads no files and no URLs for us. */
export interface Envelope extends Mail {
  readonly from: { readonly name: string; readonly address: string };
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
}

/**
 * A message as it may leave: to one address, without line breaks in what becomes a header.
 * @throws Error that says what is wrong, without the text
 */
export function envelopeOf({ to, subject, text }: Mail, { fromName, fromEmail }: MailSettings): Envelope {
  if (!MAIL_ADDRESS.test(to)) throw new Error('the recipient of a message must be one plain e-mail address');
  if (subject.length > LONGEST_SUBJECT || CONTROL.test(subject)) {
    throw new Error(`a subject must be one line of at most ${LONGEST_SUBJECT} characters`);
  }
  if (text.length > LONGEST_TEXT) throw new Error(`a message must have at most ${LONGEST_TEXT} characters`);
  const from = { name: fromName, address: fromEmail };
  return { from, to, subject, text, disableFileAccess: true, disableUrlAccess: true };
}
