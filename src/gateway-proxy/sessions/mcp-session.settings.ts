import { flag, integer } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

export class McpSessionSettings extends settings('MCP sessions', {
  stateful: flag(
    'USE_STATEFUL_SESSIONS',
    true,
    'Give clients of revisions before 2026-07-28 a session at `initialize`: change notifications, server requests and resumption need one. When false, no session is given and none is taken.',
  ),
  sse: flag(
    'MCP_SSE_ENABLED',
    true,
    'Serve the HTTP+SSE transport of 2024-11-05 too, at /sse and /servers/{id}/sse. When false, or without USE_STATEFUL_SESSIONS, these are 404.',
  ),
  idleSeconds: integer(
    'SESSION_TTL',
    3600,
    { min: 60, max: 604_800 },
    'Seconds without a request or an open stream after which what is held for an MCP session is let go, and the session ends.',
  ),
  maxHours: integer(
    'MCP_SESSION_MAX_HOURS',
    24,
    { min: 1, max: 720 },
    'Hours after which an MCP session ends in any case.',
  ),
  messageSeconds: integer(
    'MESSAGE_TTL',
    600,
    { min: 1, max: 86_400 },
    'Seconds for which the last events of a streamed answer are kept after the newest, for a client that lost its connection.',
  ),
  maxSubscriptions: integer(
    'MCP_SESSION_MAX_SUBSCRIPTIONS',
    100,
    { min: 1, max: 10_000 },
    'Resources that one MCP session, or one listening stream, may be subscribed to.',
  ),
}) {
  /** The transport of 2024-11-05 is nothing but sessions. */
  get servesSse(): boolean {
    return this.stateful && this.sse;
  }

  /** Not at the plain JSON-RPC door: its clients read no headers. */
  servedAt(path: string): boolean {
    return this.stateful && !path.startsWith('/rpc');
  }
}
