import { ValidateBy, type ValidationOptions } from 'class-validator';
import { MASK } from './credential.js';

const PRINTABLE = /^https?:\/\/[^\s\p{Control}\p{Format}<>"'`\\]+$/iu;

/** Why a text can't be the URL of an upstream; completes "url …". The way out judges the address itself. */
export function upstreamUrlFault(text: unknown): string | undefined {
  if (typeof text !== 'string' || text === '') return 'must be text';
  if (text.length > 2048) return 'must be at most 2048 characters long';
  if (!PRINTABLE.test(text))
    return 'must begin with http:// or https:// and hold no spaces, quotes, brackets or control characters';
  if (!URL.canParse(text)) return 'must be a valid URL';
  const { username, password, hash } = new URL(text);
  if (username !== '' || password !== '') return 'must not carry a user name or password; use authType';
  return hash === '' ? undefined : 'must not have a fragment';
}

export const IsUpstreamUrl = (options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isUpstreamUrl',
      validator: {
        validate: (value: unknown) => upstreamUrlFault(value) === undefined,
        defaultMessage: (args) => `url ${upstreamUrlFault(args?.value) ?? 'is refused'}`,
      },
    },
    options,
  );

/** A URL as answers show it: the values of its query may be credentials and are masked. */
export function shownUrl(url: string): string {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return url;
  const members = query
    .split('&')
    .map((member) => (member.includes('=') ? `${member.split('=', 1)[0]}=${MASK}` : member));
  return `${path}?${members.join('&')}`;
}
