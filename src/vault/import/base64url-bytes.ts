import { SealError } from '#libs/sealing';

/** URL-safe base64, padded or not, in its one canonical spelling. @throws SealError for anything else */
export function base64urlBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  const bare = bytes.toString('base64url');
  const padded = bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
  if (text !== bare && text !== padded) throw new SealError('malformed');
  return bytes;
}
