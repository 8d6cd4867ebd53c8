import { fieldFault } from '../rows/field-fault.js';
import { type Credential, type HeaderPair, MASK, NO_CREDENTIAL } from './credential.js';
import type { AuthType } from './gateway.entity.js';
import { oauthFrom, type OauthWish } from './oauth-config.js';

/** The auth members of a body. What is left out or masked is kept from the credential before. */
export interface CredentialWish {
  readonly authType?: AuthType;
  readonly authUsername?: string;
  readonly authPassword?: string;
  readonly authToken?: string;
  readonly authHeaders?: readonly HeaderPair[];
  readonly authHeaderKey?: string;
  readonly authHeaderValue?: string;
  readonly oauthConfig?: OauthWish;
}

type Field = Exclude<keyof CredentialWish, 'authType'>;

const FIELDS: Readonly<Record<AuthType, readonly Field[]>> = {
  env: [],
  none: [],
  basic: ['authUsername', 'authPassword'],
  bearer: ['authToken'],
  authheaders: ['authHeaders', 'authHeaderKey', 'authHeaderValue'],
  oauth: ['oauthConfig'],
};
const ALL_FIELDS = Object.values(FIELDS).flat();

/** Whether a body asks for another credential than the stored one; masks alone don't. */
export function wishesCredential(wish: CredentialWish, before: AuthType): boolean {
  if (wish.authType !== undefined && wish.authType !== before) return true;
  return ALL_FIELDS.some((field) => wish[field] !== undefined && wish[field] !== MASK);
}

/**
 * The credential that a body asks for.
 * @param before what is stored, when that may be kept
 * @param typeBefore of the stored one, even when it may not be kept
 * @throws GatewayError `validation_failed` naming the field that is missing, or that belongs to another authType
 */
export function credentialFrom(
  wish: CredentialWish,
  before: Credential = NO_CREDENTIAL,
  typeBefore: AuthType = before.type,
): Credential {
  const type = wish.authType ?? typeBefore;
  const stray = ALL_FIELDS.find((field) => wish[field] !== undefined && !FIELDS[type].includes(field));
  if (stray) throw fieldFault(stray, `${stray} does not belong to authType '${type}'`);
  if (type === 'none' || type === 'env') return NO_CREDENTIAL;
  if (type === 'authheaders') {
    return { type, headers: headersFrom(wish, before.type === 'authheaders' ? before.headers : []) };
  }
  if (type === 'oauth') {
    const known = before.type === 'oauth' ? before : undefined;
    if (wish.oauthConfig) return { type, ...oauthFrom(wish.oauthConfig, known) };
    if (known) return known;
    throw missing('oauthConfig');
  }
  if (type === 'bearer') {
    return { type, token: required('authToken', wish.authToken, before.type === 'bearer' ? before.token : undefined) };
  }
  const known = before.type === 'basic' ? before : undefined;
  const username = required('authUsername', wish.authUsername, known?.username);
  return { type, username, password: required('authPassword', wish.authPassword, known?.password) };
}

function headersFrom(wish: CredentialWish, before: readonly HeaderPair[]): readonly HeaderPair[] {
  const pairs = wish.authHeaders ?? singleHeader(wish) ?? before;
  if (pairs.length === 0) throw missing('authHeaders');
  const names = pairs.map(({ key }) => key.toLowerCase());
  if (new Set(names).size < names.length) throw fieldFault('authHeaders', 'authHeaders names a header more than once');
  return pairs.map(({ key, value }) => {
    const known = before.find((pair) => pair.key.toLowerCase() === key.toLowerCase());
    return { key, value: required('authHeaders', value, known?.value) };
  });
}

function singleHeader({ authHeaderKey: key, authHeaderValue: value }: CredentialWish): HeaderPair[] | undefined {
  if (key === undefined && value === undefined) return undefined;
  if (key === undefined) throw missing('authHeaderKey');
  if (value === undefined) throw missing('authHeaderValue');
  return [{ key, value }];
}

function required(field: Field, wished: string | undefined, before: string | undefined): string {
  const value = wished === undefined || wished === MASK ? before : wished;
  if (value === undefined) throw missing(field);
  return value;
}

const missing = (field: Field) => fieldFault(field, `${field} is required with this authType`, 'missing');
