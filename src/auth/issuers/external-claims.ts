import type { JsonObject } from '#libs/mcp';
import { MAIL_ADDRESS } from '#libs/fields';
import type { TokenBinding } from '#libs/policy';
import { readBinding } from '../bound/read-binding.js';

/** What is read of a token that its issuer vouches for. */
export interface ExternalClaims {
  readonly sub: string;
  /** Absent unless the issuer says that it is verified. */
  readonly email?: string;
  readonly audiences: ReadonlySet<string>;
  readonly scopes: readonly string[];
  /** Every client that it names. */
  readonly clients: readonly string[];
  readonly binding?: TokenBinding;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** How far the clock of an issuer may be ahead of ours, seconds. Expiry has no such grace. */
const SKEW = 60;
const MOST_ENTRIES = 200;
const SUBJECT = /^[^\p{Cc}]{1,255}$/u;
const CLIENTS = ['client_id', 'azp'];
/** An ID token is for its client alone (RFC 9068 section 5). */
const FOREIGN = ['nonce', 'at_hash', 'c_hash'];

/** @returns what is wrong as text */
export function readExternalClaims(claims: JsonObject): ExternalClaims | string {
  // A token that a client got for itself names nobody else, in some answers not even as `sub` (RFC 9068 section 2.2).
  const { exp, email, client_id: client, sub = client } = claims;
  const now = Date.now() / 1000;
  if (typeof sub !== 'string' || !SUBJECT.test(sub)) return 'sub must be text';
  if (!isInstant(exp)) return 'exp must be whole seconds';
  if (exp <= now) return 'expired';
  const early = ['nbf', 'iat'].find((name) => claims[name] !== undefined && !isPast(claims[name], now));
  if (early) return `${early} is not yet`;
  const foreign = FOREIGN.find((name) => claims[name] !== undefined);
  if (foreign) return `a token with ${foreign} is not for bearers`;
  const binding = readBinding(claims['cnf']);
  if (typeof binding === 'string') return binding;
  const audiences = texts(claims['aud'], (text) => [text]);
  // RFC 9068 section 2.2.3, and the names that other issuers use.
  const scopes = texts(claims['scope'] ?? claims['scp'] ?? [], (text) => text.split(' '));
  const clients = CLIENTS.flatMap((name) => claims[name] ?? []);
  if (!audiences || !scopes || !clients.every((each) => typeof each === 'string')) return 'malformed claims';
  const verified = claims['email_verified'] === true && typeof email === 'string' && MAIL_ADDRESS.test(email);
  const read = {
    sub,
    audiences: new Set(audiences),
    scopes,
    clients,
    ...(binding && { binding }),
    expiresAt: exp * 1000,
  };
  return verified ? { ...read, email } : read;
}

const isInstant = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isPast = (value: unknown, now: number): boolean => isInstant(value) && value <= now + SKEW;

function texts(value: unknown, ofText: (text: string) => string[]): string[] | undefined {
  const list: unknown = typeof value === 'string' ? ofText(value) : value;
  if (!Array.isArray(list) || list.length > MOST_ENTRIES) return undefined;
  return list.every((item): item is string => typeof item === 'string') ? list : undefined;
}
