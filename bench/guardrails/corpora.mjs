import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * Every file of labelled samples in a folder: `<kind>/<name>.jsonl` or `.jsonl.gz`.
 * @param {string} folder
 */
export function readCorpora(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.jsonl(\.gz)?$/.test(name),
  );
  if (files.length === 0) throw new Error(`${folder} has no .jsonl.gz files`);
  return files
    .sort()
    .map((file) => ({ name: file.replace(/\.jsonl(\.gz)?$/, ''), rows: readRows(join(folder, file)) }));
}

function readRows(path) {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter(({ text: sample, label }) => typeof sample === 'string' && (label === 0 || label === 1));
}
