import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { isJsonObject, type JsonObject } from '#libs/mcp';

/** A compiled policy as a file has it. */
export interface PolicyFile {
  readonly wasm: Buffer;
  readonly data: JsonObject;
}

/** Bytes of a file, and of what is packed in it. */
const MOST_BYTES = 64 * 1024 * 1024;
const BLOCK = 512;

/** @throws Error that completes "the file …" */
export async function readWasm(path: string): Promise<PolicyFile> {
  return { wasm: await readBounded(path), data: {} };
}

/** @throws Error that completes "the file …" */
export async function readBundle(path: string): Promise<PolicyFile> {
  const files = filesOf(unpacked(await readBounded(path)));
  const wasm = files.get('policy.wasm');
  if (!wasm) throw new Error('has no policy.wasm: build it with opa build -t wasm');
  const data: unknown = JSON.parse(files.get('data.json')?.toString('utf8') ?? '{}');
  if (!isJsonObject(data)) throw new Error('has a data.json that is no object');
  return { wasm, data };
}

async function readBounded(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > MOST_BYTES) throw new Error(`is larger than ${MOST_BYTES} bytes`);
  return readFile(path);
}

function unpacked(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw new Error('is no gzip archive of bounded size', { cause: error });
  }
}

/** The plain files of a tar archive (POSIX ustar) at its root, by name. */
function filesOf(tar: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + BLOCK);
    const text = (start: number, end: number): string => header.toString('latin1', start, end).split('\0', 1)[0] ?? '';
    const size = Number.parseInt(text(124, 136).trim(), 8);
    if (!(size >= 0) || at + BLOCK + size > tar.length) throw new Error('is a damaged archive');
    const isFile = text(156, 157) === '0' || text(156, 157) === '';
    if (isFile) files.set(text(0, 100).replace(/^(\.?\/)+/, ''), tar.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
