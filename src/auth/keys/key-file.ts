import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync, type Stats } from 'node:fs';

const LARGEST = 16_384;
const LABELS = {
  private: /^-----BEGIN (?:(?:RSA|EC) )?PRIVATE KEY-----/m,
  public: /^-----BEGIN (?:RSA )?PUBLIC KEY-----/m,
} as const;

export interface KeyFile {
  readonly key: KeyObject;
  /** What is allowed and yet not good, to complete "NAME …". */
  readonly warning?: string;
}

/**
 * Reads a key from a PEM file.
 * @throws Error whose message completes "NAME …" and repeats nothing of the file but its path
 */
export function readKeyFile(path: string, half: 'private' | 'public'): KeyFile {
  const stats = statsOf(path);
  if (!stats.isFile()) throw new Error(`names ${path}, which is not a file`);
  if (stats.size > LARGEST) throw new Error(`names ${path}, which is larger than ${LARGEST} bytes`);
  const warning = half === 'private' ? modeWarning(path, stats.mode & 0o777) : undefined;
  return { key: keyIn(textOf(path), path, half), ...(warning !== undefined && { warning }) };
}

function statsOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw new Error(`names ${path}, which cannot be read (${codeOf(error)})`, { cause: error });
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`names ${path}, which cannot be read (${codeOf(error)})`, { cause: error });
  }
}

/** Kubernetes hands a secret to a pod's own group (0440 with fsGroup), so a group may read, and is spoken of. */
function modeWarning(path: string, mode: number): string | undefined {
  // Windows keeps no such bits.
  if (process.platform === 'win32') return undefined;
  const shown = `0${mode.toString(8)}`;
  if ((mode & 0o027) !== 0) {
    throw new Error(
      `names ${path}, which others can read or change (mode ${shown}); make it 0600, or 0440 for a secret mounted by Kubernetes (defaultMode)`,
    );
  }
  return (mode & 0o040) === 0 ? undefined : `names ${path}, which its group can read (mode ${shown}); 0600 is better`;
}

function keyIn(pem: string, path: string, half: 'private' | 'public'): KeyObject {
  if (/ENCRYPTED/.test(pem)) throw new Error(`names ${path}, whose key is encrypted; give it without a passphrase`);
  if (!LABELS[half].test(pem)) throw new Error(`names ${path}, which holds no ${half} key in PEM`);
  if (half === 'public' && /PRIVATE KEY/.test(pem)) throw new Error(`names ${path}, which holds a private key too`);
  try {
    return half === 'private' ? createPrivateKey(pem) : createPublicKey(pem);
  } catch (error) {
    throw new Error(`names ${path}, whose ${half} key cannot be read`, { cause: error });
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';
