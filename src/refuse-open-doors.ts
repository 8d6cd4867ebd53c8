import type { INestApplication } from '@nestjs/common';
import { request, type Server } from 'node:http';
import { duplexPair } from 'node:stream';
import { AnonymousAccess } from './auth/credentials/anonymous-access.js';
import { type Route, routesOf } from './http/routes.js';

const LONGEST_MS = 10_000;

/** No token of anybody, now or later. */
const GARBAGE = 'Bearer not-a-token';

/**
 * Calls every route of the assembled application without a credential, through the server itself but before it listens.
 * Where the operator lets in callers without one, it calls with garbage instead, which nothing makes welcome.
 * @throws Error that names the routes that did not answer 401, or that say nothing about who may call them
 */
export async function refuseOpenDoors(app: INestApplication): Promise<void> {
  const server = app.getHttpServer() as Server;
  const anonymous = app.get(AnonymousAccess, { strict: false });
  const open: string[] = [];
  for (const route of routesOf(app)) {
    const { path, policy } = route;
    if (policy?.kind === 'public') continue;
    for (const method of methodsOf(route)) {
      const lets = policy !== undefined && anonymous.admits(policy, method);
      const status = await statusOf(server, { method, path }, lets ? { authorization: GARBAGE } : {});
      if (status !== 401 || !policy) open.push(`${method} ${path} (${status})`);
    }
  }
  if (open.length > 0) throw new Error(`Calls without a valid credential are not refused: ${open.join(', ')}`);
}

/** MCP endpoints take every method, and POST by another way than the rest: around the router. */
const methodsOf = ({ method }: Route): readonly string[] => (method === 'ALL' ? ['POST', 'GET'] : [method]);

function statusOf(
  server: Server,
  { method, path }: Pick<Route, 'method' | 'path'>,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const [ours, theirs] = duplexPair();
  server.emit('connection', theirs);
  return new Promise((resolve, reject) => {
    request(
      {
        createConnection: () => ours,
        method,
        path: path.replaceAll(/:\w+/g, 'x'),
        headers: { ...headers, connection: 'close' },
        signal: AbortSignal.timeout(LONGEST_MS),
      },
      (response) => {
        resolve(response.statusCode ?? 0);
        // A door that is open may be a stream, which would not end.
        response.destroy();
      },
    )
      .once('error', reject)
      .end();
  });
}
