import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express, type Response } from 'express';
import {
  createServer,
  IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
  type Server,
} from 'node:http';
import { Answer } from './answer.js';
import type { Edge } from './edge.js';
import type { HttpSettings } from './http.settings.js';
import { MOST_HEADERS } from './request-fault.js';
import { withoutVersion } from './version-alias.js';

/** Takes the requests it knows; false leaves one to the router. */
export type Entrance = (request: IncomingMessage, response: ServerResponse) => boolean;

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * Express behind the edge, on a server whose request and response classes already carry Express's prototypes.
 * Express swaps the prototypes of every request; a swap to the same prototype is a no-op, which makes a call
 * about three times cheaper on Node 20 (expressjs/express#5998).
 */
export class GatewayHttpAdapter extends ExpressAdapter {
  /** Sees every request that the edge let in, before it is routed. A middleware would cost a layer of Express. */
  observe: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  /** Takes what need not be routed; set when the application is assembled. */
  entrance: Entrance = () => false;
  readonly #edge: Edge;
  readonly #settings: HttpSettings;

  constructor(edge: Edge, settings: HttpSettings) {
    const app = express();
    app.disable('x-powered-by').disable('etag').enable('case sensitive routing').set('query parser', 'simple');
    super(app);
    this.#edge = edge;
    this.#settings = settings;
  }

  override initHttpServer(_options: NestApplicationOptions): void {
    const app = this.getInstance<Express>();
    const { headerTimeoutSeconds, requestTimeoutSeconds } = this.#settings;
    class GatewayRequest extends IncomingMessage {}
    const edge = this.#edge;
    class GatewayResponse extends ServerResponse {
      override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
        // Or the client's next call would meet a connection that is being closed.
        if (edge.draining) this.setHeader('Connection', 'close');
        const own = typeof reason === 'string' ? headers : reason;
        const standing = edge.headersOf(this);
        // The short way: nothing can be there twice.
        const only = Array.isArray(own) && this.getHeaderNames().length === 0;
        if (!only) setMissing(this, standing);
        const all = only ? [...standing, ...own] : own;
        return typeof reason === 'string' ? super.writeHead(status, reason, all) : super.writeHead(status, all);
      }
    }
    adopt(GatewayRequest.prototype, [express.request, app.request]);
    adopt(GatewayResponse.prototype, [express.response, app.response]);
    Object.assign(app, { request: GatewayRequest.prototype, response: GatewayResponse.prototype });
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      request.url &&= withoutVersion(request.url);
      if (!edge.admits(request, response)) return;
      this.observe(request, response);
      if (!this.entrance(request, response)) app(request, response);
    };
    const server: Server = createServer(
      {
        IncomingMessage: GatewayRequest,
        ServerResponse: GatewayResponse,
        maxHeaderSize: 16_384,
        headersTimeout: Math.min(headerTimeoutSeconds, requestTimeoutSeconds) * 1000,
        requestTimeout: requestTimeoutSeconds * 1000,
        keepAliveTimeout: 65_000,
        connectionsCheckingInterval: 1000,
      },
      serve,
    );
    // One more than is allowed: Node drops the rest without a word.
    server.maxHeadersCount = MOST_HEADERS + 1;
    server.on('checkExpectation', serve);
    server.on('clientError', (error, socket) => edge.refuseUnread(error, socket));
    this.setHttpServer(server);
  }

  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    if (!(body instanceof Answer)) return super.reply(response, body, statusCode);
    body.send(response);
    return undefined;
  }
}

/** @param standing names and values in turn */
function setMissing(response: ServerResponse, standing: readonly string[]): void {
  for (let at = 0; at < standing.length; at += 2) {
    const [name = '', value = ''] = standing.slice(at, at + 2);
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
}

function adopt(prototype: object, sources: readonly object[]): void {
  for (const source of sources) Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(source));
}
