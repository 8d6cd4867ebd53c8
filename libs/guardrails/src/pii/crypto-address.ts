import { createHash } from 'node:crypto';
import type { Scan } from './scan.js';

const WORD =
  /(?<![A-Za-z0-9])(?:bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9A-Fa-f]{40}|T[1-9A-HJ-NP-Za-km-z]{33}|[LMD][1-9A-HJ-NP-Za-km-z]{26,33})(?![A-Za-z0-9])/g;
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** Bitcoin (all forms), Litecoin, Dogecoin and Tron by their checksums; Ethereum by its form. */
export function findCryptoAddresses(scan: Scan, from: number, to: number): void {
  if (to - from < 25) return;
  for (const match of scan.text.slice(from, to).matchAll(WORD)) {
    const [word] = match;
    const rule = word.startsWith('bc1') ? 'bech32' : word.startsWith('0x') ? 'ethereum' : 'base58check';
    if (rule === 'bech32' ? !isBech32(word) : rule === 'base58check' && !isBase58Check(word)) continue;
    const start = from + match.index;
    if (scan.free(start, start + word.length))
      scan.add('crypto_address', rule, start, start + word.length, rule === 'ethereum' ? 0.8 : 1);
  }
}

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** Version byte, 20 bytes, four bytes of a double SHA-256. */
function isBase58Check(word: string): boolean {
  let value = 0n;
  for (const letter of word) value = value * 58n + BigInt(BASE58.indexOf(letter));
  const hex = value.toString(16);
  if (hex.length > 50) return false;
  const bytes = Buffer.from(hex.padStart(50, '0'), 'hex');
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

/** BIP 173 and BIP 350. */
function isBech32(word: string): boolean {
  const values = [3, 3, 0, 2, 3, ...Array.from(word.slice(3), (letter) => BECH32.indexOf(letter))];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((generator, bit) => {
      if ((top >>> bit) & 1) sum ^= generator;
    });
  }
  return sum === 1 || sum === 0x2bc830a3;
}
