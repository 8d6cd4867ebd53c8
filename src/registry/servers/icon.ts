import { parseUrl } from '#libs/egress';
import { ValidateBy, type ValidationOptions } from 'class-validator';

const LONGEST = 2048;
const PRINTABLE = /^[^\s\p{Control}\p{Format}<>"'`\\]+$/u;
/** The kinds of picture that can hold no script, by what their files begin with. SVG is none of them. */
const PICTURES: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  'image/png': (bytes) => bytes.toString('hex', 0, 8) === '89504e470d0a1a0a',
  'image/jpeg': (bytes) => bytes.toString('hex', 0, 3) === 'ffd8ff',
  'image/webp': (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  'image/gif': (bytes) => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6)),
};

/** Why a text can't be the icon of a server; completes "icon …". Empty text, which means none, can. */
export function iconFault(text: unknown): string | undefined {
  if (text === '') return undefined;
  if (typeof text !== 'string') return 'must be text';
  if (text.length > LONGEST) return `must be at most ${LONGEST} characters long`;
  if (!PRINTABLE.test(text)) return 'must hold no spaces, quotes, brackets or control characters';
  return text.toLowerCase().startsWith('data:') ? pictureFault(text) : addressFault(text);
}

function addressFault(text: string): string | undefined {
  const url = parseUrl(text);
  if (url?.protocol !== 'https:') return 'must begin with https:// or data:image/';
  return url.username === '' && url.password === '' ? undefined : 'must not carry a user name or password';
}

function pictureFault(text: string): string | undefined {
  const [, type = '', data = ''] = /^data:([a-z]+\/[a-z0-9.+-]+);base64,([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const begins = Object.hasOwn(PICTURES, type) ? PICTURES[type] : undefined;
  if (!begins) return `must be a data URL in base64 of ${Object.keys(PICTURES).join(', ')}`;
  return begins(Buffer.from(data, 'base64')) ? undefined : `is no picture of type ${type}`;
}

export const IsIcon = (options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isIcon',
      validator: {
        validate: (value: unknown) => iconFault(value) === undefined,
        defaultMessage: (args) => `icon ${iconFault(args?.value) ?? 'is refused'}`,
      },
    },
    options,
  );
