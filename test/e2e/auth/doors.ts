import { randomUUID } from 'node:crypto';
import type { Told } from './rule-table.js';

export type Headers = Readonly<Record<string, string>>;

interface Door {
  readonly method: string;
  readonly path: string;
  readonly body?: () => object;
}

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const mcp = (path: string): Door => ({ method: 'POST', path, body: () => LIST });
const get = (path: string): Door => ({ method: 'GET', path });

/** The doors of each kind, by the columns of the rules; SERVER stands for the id of a virtual server. */
export const DOORS: Readonly<Record<string, readonly Door[]>> = {
  read: [get('/tools')],
  own: [get('/auth/email/me')],
  tokens: [get('/tokens')],
  mint: [{ method: 'POST', path: '/tokens', body: () => ({ name: randomUUID(), expires_in_days: 1 }) }],
  admin: [get('/version'), get('/auth/email/admin/users'), get('/admin/config/passthrough-headers')],
  docs: [get('/docs'), get('/openapi.json')],
  mcp: [mcp('/mcp'), mcp('/rpc'), mcp('/servers/SERVER/mcp'), get('/sse'), get('/servers/SERVER/sse')],
  open: [get('/health'), get('/ready')],
};

/** Goes to a door; of a success only the status is told. */
export async function knock(
  url: string,
  { method, path, body }: Door,
  serverId: string,
  headers: Headers,
): Promise<Told> {
  const types = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const response = await fetch(url + path.replace('SERVER', serverId), {
    method,
    headers: { ...(body && types), ...headers },
    ...(body && { body: JSON.stringify(body()) }),
  });
  const challenge = response.headers.get('www-authenticate');
  if (response.ok) {
    // It may be a stream.
    await response.body?.cancel();
    return { status: response.status, code: null, detail: null, challenge };
  }
  const { code, detail } = (await response.json()) as { code: string; detail: string };
  return { status: response.status, code, detail, challenge };
}
