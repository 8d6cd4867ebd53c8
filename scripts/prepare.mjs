// Brings a fresh clone to where it can run: dependencies installed, sources built. Plain Node, nothing else.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join(ROOT, 'dist', '.built');

/** Runs a command in the repository and ends this process with its code when it fails. */
export function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}

export function runNode(args, options) {
  run(process.execPath, args, options);
}

/** Runs Node programs side by side, and ends this process when one of them has failed. */
export async function runTogether(programs) {
  const endings = programs.map((args) => once(spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }), 'exit'));
  const failed = (await Promise.all(endings)).some(([status]) => status !== 0);
  if (failed) process.exit(1);
}

/** Installs what package-lock.json names, unless it is installed already. */
export function install() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs) return;
  console.log('Installing dependencies …');
  const npm = process.env['npm_execpath'];
  if (npm) runNode([npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error']);
  else run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' });
}

/** Builds into dist/, unless nothing has changed since the last build. */
export function build() {
  const inputs = ['src', 'libs', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
  const newest = Math.max(...inputs.map((input) => newestIn(join(ROOT, input))));
  if (existsSync(STAMP) && statSync(STAMP).mtimeMs >= newest) return;
  console.log('Building …');
  runNode([join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build']);
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, '');
}

function newestIn(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
