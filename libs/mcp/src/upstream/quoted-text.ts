import type { UpstreamTarget } from './upstream-target.js';

const MAX_LENGTH = 200;
/** Cut only after the credentials are out, or a long one would show its first half. */
const MAX_READ = 65_536;
/** A credential this short cannot be told from ordinary words. */
const SHORTEST_SECRET = 4;

/** An upstream's own words as one short line for an administrator, without the credentials it may echo. */
export function quotedText(text: string, { url, headers }: UpstreamTarget): string {
  let clean = text
    .slice(0, MAX_READ)
    .replace(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]+/gu, ' ');
  const values = [...Object.values(headers), ...url.searchParams.values(), url.username, url.password];
  for (const secret of values.flatMap((value) => [value, ...value.split(' ').slice(1)])) {
    if (secret.length >= SHORTEST_SECRET) clean = clean.replaceAll(secret, '***');
  }
  return clean.slice(0, MAX_LENGTH);
}
