import type { INestApplication } from '@nestjs/common';
import { request, type Server } from 'node:http';
import { duplexPair } from 'node:stream';
import { type Route, routesOf } from './cli/routes.js';

const LONGEST_MS = 10_000;

/**
 * Calls every route of the assembled application without a credential, through the server itself but before it listens.
 * @throws Error that names the routes that did not answer 401, or that say nothing about who may call them
 */
export async function refuseOpenDoors(app: INestApplication): Promise<void> {
  const server = app.getHttpServer() as Server;
  const open: string[] = [];
  for (const route of routesOf(app)) {
    if (route.policy?.kind === 'public') continue;
    const status = await statusWithoutCredential(server, route);
    if (status !== 401 || !route.policy) open.push(`${route.method} ${route.path} (${status})`);
  }
  if (open.length > 0) throw new Error(`Calls without a credential are not refused: ${open.join(', ')}`);
}

function statusWithoutCredential(server: Server, { method, path }: Route): Promise<number> {
  const [ours, theirs] = duplexPair();
  server.emit('connection', theirs);
  return new Promise((resolve, reject) => {
    request(
      {
        createConnection: () => ours,
        method: method === 'ALL' ? 'POST' : method,
        path: path.replaceAll(/:\w+/g, 'x'),
        headers: { connection: 'close' },
        signal: AbortSignal.timeout(LONGEST_MS),
      },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      },
    )
      .once('error', reject)
      .end();
  });
}
