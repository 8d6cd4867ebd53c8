import { createHash } from 'node:crypto';
import { Console } from 'node:console';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { DataSource } from 'typeorm';
import type { Headers } from './doors.js';

interface Sighting {
  /** Where, without what changes from run to run. */
  readonly place: string;
  readonly text: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: globalThis.Headers;
  // Answers are checked by the tests themselves.
  readonly body: ReturnType<typeof JSON.parse>;
}

/** Hears all that a gateway says and knows the secrets of a test, by kinds: which of them was seen where? */
export class Witness {
  readonly #secrets = new Map<string, Set<string>>();
  readonly #answers: Sighting[] = [];
  #log = '';
  /** Stands for the console of the process. */
  readonly console = new Console(
    new Writable({
      write: (chunk, _encoding, done) => {
        this.#log += String(chunk);
        done();
      },
    }),
  );

  /** What is never to be seen where it is not meant to be; a secret that is hashed somewhere has its SHA-256 told too. */
  keep(kind: string, ...secrets: readonly string[]): void {
    for (const secret of secrets) {
      if (secret.length < 8) throw new Error(`too short to be told from anything: ${kind}`);
      this.#add(kind, formsOf(secret));
      this.#add(`hash of ${kind}`, digestsOf(secret));
    }
  }

  /** What is a hash already, of a kind that was told. */
  keepHash(kind: string, hash: string): void {
    this.#add(`hash of ${kind}`, formsOf(hash));
  }

  /** Calls a route and remembers the answer; a body that is text goes out as it is. */
  async call(url: string, method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const door = `${method} ${path.replaceAll(/\/[^/?]{32,}/g, '/:id')}`;
    this.#answers.push({ place: `${door}: body`, text });
    for (const [name, value] of response.headers) this.#answers.push({ place: `${door}: ${name}`, text: value });
    const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  get log(): string {
    return this.#log;
  }

  /** The kinds of secrets that answers showed, each with the places. */
  inAnswers(): Record<string, string[]> {
    return this.#seenIn(this.#answers);
  }

  inLog(): Record<string, string[]> {
    return this.#seenIn(this.#log.split('\n').map((text) => ({ place: `log: ${text}`, text })));
  }

  /** In every column of every row. */
  async inDatabase(database: DataSource): Promise<Record<string, string[]>> {
    const tables = await database.query<{ name: string }[]>("SELECT name FROM sqlite_master WHERE type = 'table'");
    const sightings: Sighting[] = [];
    for (const { name } of tables) {
      const rows = await database.query<Record<string, unknown>[]>(`SELECT * FROM "${name}"`);
      for (const row of rows)
        for (const [column, value] of Object.entries(row))
          sightings.push({ place: `${name}.${column}`, text: String(value) });
    }
    return this.#seenIn(sightings);
  }

  /** In the bytes of every file below a folder; `placeOf` may group files. */
  inFiles(folder: string, placeOf: (path: string) => string = (path) => path): Record<string, string[]> {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return this.#seenIn(
      files.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        // Mail breaks its lines (RFC 2045).
        const text = readFileSync(path, 'latin1').replaceAll(/=\r?\n/g, '');
        return { place: placeOf(path.slice(folder.length + 1)), text };
      }),
    );
  }

  #add(kind: string, forms: readonly string[]): void {
    this.#secrets.set(kind, new Set([...(this.#secrets.get(kind) ?? []), ...forms]));
  }

  #seenIn(sightings: readonly Sighting[]): Record<string, string[]> {
    const seen: Record<string, string[]> = {};
    for (const [kind, secrets] of this.#secrets) {
      const forms = [...secrets];
      const places = sightings.filter(({ text }) => forms.some((form) => text.includes(form)));
      if (places.length > 0) seen[kind] = [...new Set(places.map(({ place }) => place))].sort();
    }
    return seen;
  }
}

/** A secret in every spelling that it may come to light in; of a JWT the signature is enough. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const parts = secret.split('.');
  const signature = parts.length === 3 ? parts.slice(2) : [];
  return [secret, base64, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...signature];
}

function digestsOf(secret: string): string[] {
  const hash = createHash('sha256').update(secret).digest();
  return [hash.toString('hex'), hash.toString('base64').replace(/=+$/, ''), hash.toString('base64url')];
}
