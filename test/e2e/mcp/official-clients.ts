import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

export type AnyClient = Client | LegacyClient;

const ME = { name: 'gate-check', version: '1.0.0' };

/** The official clients, by the revisions they speak. */
export const CLIENT_KINDS = ['v1', 'v2 pinned to 2026-07-28', 'v2 legacy', 'v2 auto'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

const MODES = {
  'v2 pinned to 2026-07-28': { pin: '2026-07-28' },
  'v2 legacy': 'legacy',
  'v2 auto': 'auto',
} as const;

/** Whether a client of the kind speaks 2026-07-28 to the gate, which has no ping. */
export const isModernKind = (kind: ClientKind): boolean => kind === 'v2 pinned to 2026-07-28' || kind === 'v2 auto';

/** Connects with a bearer token. The caller closes the client. */
export async function connectClient(kind: ClientKind, endpoint: string, token: string): Promise<AnyClient> {
  const options = { requestInit: { headers: { Authorization: `Bearer ${token}` } } };
  if (kind === 'v1') {
    const client = new LegacyClient(ME);
    await client.connect(new LegacyTransport(new URL(endpoint), options));
    return client;
  }
  const client = new Client(ME, { versionNegotiation: { mode: MODES[kind] } });
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint), options));
  return client;
}
