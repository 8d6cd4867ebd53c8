import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Server } from 'node:http';
import { AppModule } from './app.module.js';
import { SETTINGS } from './app.settings.js';
import { UsageObserver } from './audit/usage-observer.js';
import type { Environment } from './config/environment.js';
import { loadSettings } from './config/load-settings.js';
import { Drain } from './http/drain.js';
import { mcpEntrance } from './gateway-proxy/entrance.js';
import { Edge } from './http/edge.js';
import { GatewayHttpAdapter } from './http/gateway-http-adapter.js';
import { HttpSettings } from './http/http.settings.js';
import { openApiDocument } from './openapi-document.js';
import { ApiDescription } from './operations/docs/api-description.js';
import { applicationLog } from './operations/application-log.js';
import { LogSettings } from './operations/log.settings.js';
import { stopGently } from './operations/stop-gently.js';
import { refuseOpenDoors } from './refuse-open-doors.js';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process does so already',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'it takes more rights',
  ENOTFOUND: 'the name has no address',
};

/** The application, listening. */
export interface Gateway {
  readonly app: INestApplication;
  /** With the port that was taken. */
  readonly url: string;
  /** Takes no new calls, lets those in flight end within the grace, writes the logs and closes. */
  stop(): Promise<void>;
}

/**
 * Builds the application, migrates the database and listens.
 * @throws SettingsError before anything is touched
 */
export async function startGateway(environment: Environment): Promise<Gateway> {
  const settings = loadSettings(SETTINGS, environment);
  const http = settings.get(HttpSettings) as HttpSettings;
  const drain = new Drain();
  const adapter = new GatewayHttpAdapter(new Edge(http, drain), http);
  const app = await NestFactory.create(AppModule.of(environment, drain), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: applicationLog(settings.get(LogSettings) as LogSettings),
  });
  const usage = app.get(UsageObserver);
  adapter.observe = (request, response) => usage.watch(request, response);
  await open(app, adapter, http);
  const server = app.getHttpServer() as Server;
  return {
    app,
    url: urlOf(server, http.host),
    stop: () => stopGently(app, server, drain, http.shutdownGraceSeconds * 1000),
  };
}

/** What was opened on the way is closed again when the start fails. */
async function open(app: INestApplication, adapter: GatewayHttpAdapter, { port, host }: HttpSettings): Promise<void> {
  try {
    await app.init();
    adapter.entrance = mcpEntrance(app);
    app.get(ApiDescription, { strict: false }).describe = () => openApiDocument(app);
    await refuseOpenDoors(app);
    await listen(app, port, host);
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function listen(app: INestApplication, port: number, host: string): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = REASONS[code ?? ''];
    if (reason === undefined) throw error;
    throw new Error(`HOST ${host} and PORT ${port} cannot be listened on: ${reason}`, { cause: error });
  }
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
