import { isPlaceholder, isTypeWord } from './placeholder.js';
import { UUID, looksRandom } from './randomness.js';
import type { Kind } from './secret-name.js';

export interface Assigned {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** How the value stands in the text. */
export interface Place {
  readonly quoted: boolean;
  /** Nothing between name, sign and value, as in files of settings and in addresses. */
  readonly tight: boolean;
  /** A setting on a line of its own, or between semicolons or ampersands. */
  readonly setting: boolean;
  /** Compared, not assigned. */
  readonly compared: boolean;
}

const HEX_32 = /^[0-9a-fA-F]{32,}$/;
const ASSIGNED: Record<Kind, string> = {
  password: 'assigned_password',
  secret: 'assigned_secret',
  token: 'assigned_token',
  provider: 'assigned_key',
  key: 'assigned_key',
};
const REFERENCE =
  /^(?:https?:|arn:|op:|vault:|ssm:|kms:|file:|env[:.]|gcp|projects\/|secretmanager|sha\d{1,3}[-:]|ssh-|data:|\.{0,2}\/|~\/|[A-Za-z]:\\)|:\/\/|\.(?:pem|key|json|txt|crt|cer|ya?ml|jks|p12|pfx|keytab|m?[jt]sx?|py|php|html?|css|xml|ini|conf|cfg|sh|rb|go|java|cs|md|png|svg)$/i;
const DOTTED = /^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+$/;
const VERSION = /^[~^<>=v]{0,3}\d+(?:\.\d+)+/;
const WORDS_IN_CASE = /^[A-Za-z]+(?:[_.-][A-Za-z]+)+$|^[a-z]+(?:[A-Z][a-z]+)+$/;

/** What the value is, unless it only stands for a secret or is too plain for a name of this kind. */
export function rate(
  text: string,
  { start, end }: { start: number; end: number },
  kind: Kind,
  name: string,
  place: Place,
): Assigned | undefined {
  const value = text.slice(start, end);
  const isAws = /secret/i.test(name) && (/aws|amazon/i.test(name) || /secret[_-]?access[_-]?key$/i.test(name));
  if (isAws && /^[A-Za-z0-9/+]{40}$/.test(value))
    return value.includes('EXAMPLE') ? undefined : { type: 'aws_secret_access_key', start, end, score: 0.9 };
  if (isAws && /^[A-Za-z0-9/+]{36,44}$/.test(value)) return undefined;
  if (value === name || name.endsWith(`.${value}`) || name.endsWith(`_${value}`)) return undefined;
  if (isEncrypted(value)) return { type: ASSIGNED[kind], start, end, score: 0.6 };
  if (REFERENCE.test(value) || isPlaceholder(value.replace(/^['"]|['"]$/g, '')) || isTypeWord(value)) return undefined;
  const score = RATERS[kind](value, place, name);
  if (score === 0) return undefined;
  return { type: HEX_32.test(value) ? 'hex_secret_32' : ASSIGNED[kind], start, end, score };
}

const RATERS: Record<Kind, (value: string, place: Place, name: string) => number> = {
  password(value, place, name) {
    if (looksRandom(value, 10)) return 0.8;
    if (value.length < (place.quoted ? 3 : 4) || value.length > 128 || /^[A-Za-z ]+[:?]$/.test(value)) return 0;
    if (VERSION.test(value)) return 0;
    if (/\s/.test(value) && !(place.quoted && /^[a-z]+ [a-z]+$/.test(value))) return 0;
    if (DOTTED.test(value) && !/\d/.test(value)) return 0;
    if (/passw|pwd/i.test(value) && WORDS_IN_CASE.test(value) && !place.setting) return 0;
    if (/^[A-Z_]+$/.test(value) && value.includes('_') && !place.quoted) return 0;
    if (/^\W+$/.test(value) || (/^\d+$/.test(value) && (value.length < 4 || name.length < 3))) return 0;
    if (place.quoted) return 0.7;
    if (/^[A-Za-z_$][\w$]*$/.test(value) && !/\d/.test(value))
      return place.setting && (place.tight ? /^[A-Z0-9_]+$|[.]/.test(name) || !/^[a-z_]+$/.test(name) : true) ? 0.5 : 0;
    if (WORDS_IN_CASE.test(value) && !place.tight) return 0;
    return place.setting || /\d/.test(value) ? 0.6 : 0;
  },
  secret(value, place) {
    if (looksRandom(value, 10)) return 0.8;
    if (!place.quoted || value.length < 6 || value.length > 256 || /\s|[:?]$/.test(value)) return 0;
    if (DOTTED.test(value)) return 0;
    return WORDS_IN_CASE.test(value) && !place.compared ? 0 : 0.6;
  },
  token(value) {
    return looksRandom(value, 12) ? 0.8 : 0;
  },
  provider(value) {
    return looksRandom(value, HEX_32.test(value) ? 32 : 20) ? 0.6 : 0;
  },
  key(value) {
    return !UUID.test(value) && looksRandom(value, HEX_32.test(value) ? 32 : 20) ? 0.6 : 0;
  },
};

/** Between braces, as Jenkins keeps what it encrypted. */
function isEncrypted(value: string): boolean {
  return (
    /^\{[^{}]{16,}\}$/.test(value) &&
    value
      .slice(1, -1)
      .split(' ')
      .some((part) => looksRandom(part, 16))
  );
}
