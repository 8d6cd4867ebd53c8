import type { INestApplication } from '@nestjs/common';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import type { Drain } from '../http/drain.js';

// A connection that carries nothing this long after draining began is closed.
const QUIET_MS = 250;

/**
 * Stops without losing a call that was accepted: no new connections, 503 for new calls on open ones, calls in flight
 * end within the grace, then the logs are flushed and the database is closed.
 */
export async function stopGently(app: INestApplication, server: Server, drain: Drain, graceMs: number): Promise<void> {
  drain.begin();
  const closed = once(server, 'close');
  // What the kernel has taken and we have not would be reset; so it is told 503.
  await immediate();
  // Not http's close: it cuts idle keep-alive connections at once, and a call may be on its way on one of them.
  NetServer.prototype.close.call(server);
  // An immediate comes after what has arrived was read: a connection with a call on it is not idle then.
  const sweep = setInterval(() => setImmediate(() => server.closeIdleConnections()), QUIET_MS);
  await Promise.race([closed, pause(graceMs, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
  // The calls that were cut are written down when their sockets have closed: the event loop does that after its immediates.
  await immediate();
  await immediate();
  await app.close();
}
