import { createHash } from 'node:crypto';
import type { UpstreamTarget } from './upstream-target.js';

const fingerprints = new WeakMap<UpstreamTarget, string>();

/** What two targets have in common when they prove the same identity at the same place; hashed, since it holds secrets. */
export function fingerprintOf(target: UpstreamTarget): string {
  const known = fingerprints.get(target);
  if (known !== undefined) return known;
  const fresh = hashed([
    target.url.href,
    target.holder ?? sorted(target.headers),
    passedOnOf(target),
    target.tls?.id ?? '',
    target.identity?.key ?? '',
  ]);
  fingerprints.set(target, fresh);
  return fresh;
}

/** An upstream may bind a session to what callers sent when it was opened; it serves calls with the same alone. */
export const passedOnOf = ({ passedOn }: UpstreamTarget): string => (passedOn ? hashed(sorted(passedOn)) : '');

const sorted = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));

const hashed = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64');
