import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';

/** Where there is one core, or no `taskset`, nothing is pinned and the figures say less. */
export const PINNING = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;

/** The core of the server under test, and the one that the load and the upstream behind it share. */
export const TESTED_CORE = 0;
export const OTHER_CORE = 1;

// Only an ordinary exit runs the 'exit' listeners below, which end what was started here.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/**
 * Starts a Node program on one core.
 * @param {object} orders
 * @param {string} [orders.node] the Node binary; this one when left out
 * @param {string[]} orders.args
 * @param {number} orders.core
 * @param {import('node:child_process').StdioOptions} orders.stdio
 * @param {Record<string, string>} [orders.env] its whole environment; none when left out
 * @param {string} [orders.cwd]
 */
export function spawnPinned({ node = process.execPath, args, core, stdio, env = {}, cwd }) {
  const [command, ...rest] = PINNING ? ['taskset', '-c', String(core), node, ...args] : [node, ...args];
  const child = spawn(command, rest, { stdio, cwd, env: { PATH: process.env.PATH, ...env } });
  const kill = () => child.kill();
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

/**
 * Asks it to end and, when it does not within ten seconds, makes it.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(impatient);
}

/**
 * Starts a server that writes {"port":…} on its first line.
 * @param {{ node?: string, args: string[], core: number }} orders
 * @returns {Promise<{ pid: number, origin: string, stop: () => Promise<void> }>}
 */
export async function startServer(orders) {
  const child = spawnPinned({ ...orders, stdio: ['ignore', 'pipe', 'inherit'], env: { NODE_ENV: 'production' } });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${orders.args[0]} ended before it listened`);
  });
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  ended.catch(() => undefined);
  return { pid: child.pid, origin: `http://127.0.0.1:${JSON.parse(line).port}`, stop: () => stop(child) };
}
