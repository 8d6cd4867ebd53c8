import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT } from '../prepare.mjs';

const children = [];

// Only an ordinary exit runs the listener that ends what was started here.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
process.once('exit', () => children.forEach((child) => child.kill()));

/**
 * Starts a program and waits for the line that says where it is.
 * @param {string} command
 * @param {string[]} args
 * @param {RegExp} said what the line holds; its first group is given back
 * @param {Record<string, string>} [env]
 * @returns {Promise<string>}
 */
export async function launch(command, args, said, env = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => said.test(line) && resolve(said.exec(line)[1]));
    child.once('exit', (code) => reject(new Error(`${args.at(-1)} ended with ${code} before it listened`)));
  });
}

export async function stopAll() {
  await Promise.all(children.map(stop));
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
