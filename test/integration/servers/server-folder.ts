import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder for a server, which runs as `account` when the tests run as root. */
export class ServerFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'portcullis-server-'));
  readonly #remove = () => rmSync(this.path, { recursive: true, force: true });

  constructor() {
    // An interrupted run skips its teardown.
    process.once('exit', this.#remove);
  }

  join(name: string): string {
    return join(this.path, name);
  }

  /** Gives the folder and the named files in it to the account. */
  give(account: string, ...names: readonly string[]): void {
    if (process.getuid?.() !== 0) return;
    const id = (flag: string) => Number(execFileSync('id', [flag, account], { encoding: 'utf8' }));
    chmodSync(this.path, 0o755);
    for (const path of [this.path, ...names.map((name) => this.join(name))]) chownSync(path, id('-u'), id('-g'));
  }

  remove(): void {
    process.off('exit', this.#remove);
    this.#remove();
  }
}
