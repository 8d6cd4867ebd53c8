import { readFileSync, statSync, type Stats } from 'node:fs';

const LARGEST = 16_384;
const MOST = 32;
const LINE = /^(?<id>[\w.-]{1,64}):(?<key>[A-Za-z0-9+/_-]{43}=?)$/;

export interface KeyLine {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/**
 * The keys in a file, in their order; empty lines and those that begin with `#` are passed over.
 * @throws Error whose message completes "NAME …" and repeats nothing of the file but its path
 */
export function readKeyLines(path: string): readonly KeyLine[] {
  const stats = attempt(path, () => statSync(path));
  demandPrivate(path, stats);
  const lines = attempt(path, () => readFileSync(path, 'utf8')).split(/\r?\n/);
  const keys = lines.flatMap((line, index) =>
    line.trim() === '' || line.startsWith('#') ? [] : [keyIn(line.trim(), path, index + 1)],
  );
  if (keys.length === 0) throw new Error(`names ${path}, which holds no key`);
  if (keys.length > MOST) throw new Error(`names ${path}, which holds more than ${MOST} keys`);
  if (new Set(keys.map(({ id }) => id)).size < keys.length)
    throw new Error(`names ${path}, in which an id stands twice`);
  return keys;
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Error(`names ${path}, which cannot be read (${code})`, { cause: error });
  }
}

/** As strict as with the files of the keys of tokens: Kubernetes hands a secret to a pod's own group, so that may read. */
function demandPrivate(path: string, stats: Stats): void {
  if (!stats.isFile()) throw new Error(`names ${path}, which is not a file`);
  if (stats.size > LARGEST) throw new Error(`names ${path}, which is larger than ${LARGEST} bytes`);
  // Windows keeps no such bits.
  if (process.platform === 'win32' || (stats.mode & 0o027) === 0) return;
  const shown = `0${(stats.mode & 0o777).toString(8)}`;
  throw new Error(
    `names ${path}, which others can read or change (mode ${shown}); make it 0600, or 0440 for a secret mounted by Kubernetes (defaultMode)`,
  );
}

function keyIn(line: string, path: string, at: number): KeyLine {
  const { id = '', key: text = '' } = LINE.exec(line)?.groups ?? {};
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32) throw new Error(`names ${path}, whose line ${at} is not id:key with 32 bytes in base64`);
  if (new Set(key).size < 8) throw new Error(`names ${path}, whose line ${at} holds no random key`);
  return { id, key };
}
