import { open } from 'node:fs/promises';
import { StoreError } from './store-error.js';

const LARGEST = 64 * 1024;

/**
 * The text of a file that somebody else keeps up to date, such as the token of a service account.
 * @param setting that names it
 * @throws StoreError `misconfigured` when it can't be read or has more than 64 KiB
 */
export async function readSmallFile(path: string, setting: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(LARGEST + 1), 0, LARGEST + 1, 0);
      if (bytesRead > LARGEST) throw Object.assign(new Error(), { code: 'EFBIG' });
      return buffer.toString('utf8', 0, bytesRead).trim();
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new StoreError('misconfigured', `${setting} names a file that can't be read (${code})`);
  }
}
