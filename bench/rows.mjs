import { fileURLToPath } from 'node:url';
import { startPortcullis, statementsExecuted } from './portcullis.mjs';
import { OTHER_CORE, startServer, TESTED_CORE } from './server-process.mjs';

/**
 * @typedef {object} Row one way from the load to the upstream
 * @property {string} name
 * @property {number} pid of the process under test
 * @property {(tested: import('./cases.mjs').Case) => { url: string, headers: Record<string, string> }} target
 * @property {() => Promise<number | undefined>} statements SQL statements so far, where there are any
 * @property {() => Promise<void>} stop
 */

export const ROW_NAMES = ['direct', 'bare', 'portcullis'];

const ECHO = fileURLToPath(new URL('echo-upstream.mjs', import.meta.url));
const BARE = fileURLToPath(new URL('bare-proxy.mjs', import.meta.url));

/**
 * Starts the rows that are asked for. The upstream behind a proxy shares a core with the load; for `direct` a second
 * one stands where the proxies stand.
 * @param {string[]} names
 * @param {string | undefined} node the binary of the servers under test
 * @returns {Promise<{ rows: Row[], stop: () => Promise<void> }>}
 */
export async function startRows(names, node) {
  /** @type {{ stop: () => Promise<void> }[]} */
  const started = [];
  const stop = async () => {
    for (const { stop } of started.splice(0).reverse()) await stop();
  };
  try {
    const upstream = await startServer({ args: [ECHO], core: OTHER_CORE });
    started.push(upstream);
    const rows = [];
    for (const name of names) {
      const row = { name, ...(await start(name, upstream.origin, node)) };
      started.push(row);
      rows.push(row);
    }
    return { rows, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(name, upstream, node) {
  if (name === 'portcullis') {
    const portcullis = await startPortcullis({ upstream, node });
    return { ...portcullis, statements: () => statementsExecuted(portcullis.statements) };
  }
  const args = name === 'direct' ? [ECHO] : [BARE, upstream];
  const server = await startServer({ args, core: TESTED_CORE, node });
  const target = ({ tools }) => ({ url: `${server.origin}/mcp/${tools}`, headers: {} });
  return { ...server, target, statements: async () => undefined };
}
