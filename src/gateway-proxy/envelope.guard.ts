import { acceptsEventStream, type Envelope, type EnvelopeLimits, EnvelopeRefusal, openEnvelope } from '#libs/mcp';
import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';
import { UsageWriter } from '../audit/usage-writer.js';
import { AnsweredError, BytesAnswer } from '../http/answer.js';
import { GatewayError } from '../http/errors.js';
import { ValidationSettings } from '../http/fields/validation.settings.js';
import { readBody } from '../http/read-body.js';
import { routePolicyOf } from '../http/route-policy.js';
import { CheckLog } from '../rbac/checks/check-log.js';
import { GateSettings } from './gate.settings.js';
import { refusalReason } from './gate/gate-refusal.js';
import { narrowedToServer } from './rpc/named-server.js';
import { McpSessionSettings } from './sessions/mcp-session.settings.js';

declare module 'http' {
  interface IncomingMessage {
    /** Set by the EnvelopeGuard on MCP endpoints, for POST. */
    envelope?: Envelope;
    /** In the place of an envelope, over HTTP+SSE: an error that the client is told on its stream. */
    toldOnStream?: EnvelopeRefusal;
  }
}

/** Third of the guards: reads, bounds and opens what came to an MCP endpoint. Other routes pass. */
@Injectable()
export class EnvelopeGuard implements CanActivate {
  readonly #limits: EnvelopeLimits;

  constructor(
    private readonly settings: GateSettings,
    { jsonDepth, methodLength, rpcParamBytes }: ValidationSettings,
    private readonly usage: UsageWriter,
    private readonly sessions: McpSessionSettings,
    private readonly checks: CheckLog,
  ) {
    this.#limits = {
      maxDepth: jsonDepth,
      maxBatch: settings.maxBatch,
      maxMethodLength: methodLength,
      maxParamsBytes: rpcParamBytes,
    };
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = routePolicyOf(context.getHandler(), context.getClass<Type>());
    if (policy?.kind !== 'mcp') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const overSse = policy.transport === 'sse';
    if (overSse && !this.sessions.servesSse) throw new GatewayError('not_found');
    if (request.method !== 'POST') {
      if (!overSse) this.#refuseWithoutSession(request, http.getResponse<Response>());
      return true;
    }
    // The usage log pushes back here: a call that could not be written down does not start.
    if (!this.usage.hasRoom) await this.usage.room();
    const body = await readBody(request, this.settings.maxBodyBytes, 'MCP_MAX_BODY_BYTES');
    request.context.bytesIn = body.length;
    const plain = request.path.startsWith('/rpc') ? 'rpc' : 'mcp';
    const door = overSse ? 'sse' : plain;
    const envelope = openEnvelope({
      door,
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body,
      limits: this.#limits,
    });
    if (!(envelope instanceof EnvelopeRefusal)) {
      request.envelope = door === 'rpc' ? narrowedToServer(envelope, request, this.checks) : envelope;
      request.context.cost = envelope.entries.length;
    } else if (overSse && envelope.httpStatus === 200) request.toldOnStream = envelope;
    else throw refused(envelope, request);
    return true;
  }

  /** A session has a stream to open and can be ended; nothing else is done but by POST. */
  #refuseWithoutSession({ method, path, headers }: Request, response: Response): void {
    const served = this.sessions.servedAt(path);
    const sessionId = headers['mcp-session-id'];
    response.setHeader('Allow', served ? 'POST, GET, DELETE' : 'POST');
    if (method !== 'GET' && method !== 'DELETE') throw new GatewayError('method_not_allowed');
    if (!served) {
      const text = 'Send JSON-RPC messages with POST; there are no sessions here';
      throw new GatewayError(method === 'DELETE' ? 'bad_request' : 'method_not_allowed', text);
    }
    if (sessionId === undefined && method === 'DELETE') {
      throw new GatewayError('bad_request', 'Mcp-Session-Id must name the session to end');
    }
    if (sessionId === undefined) {
      throw new GatewayError('method_not_allowed', 'Mcp-Session-Id must name the session whose stream to open');
    }
    if (method === 'GET' && !acceptsEventStream(headers.accept)) {
      throw new GatewayError('not_acceptable', 'Accept must list text/event-stream');
    }
  }
}

function refused(refusal: EnvelopeRefusal, request: Request): AnsweredError {
  const { context } = request;
  const body = Buffer.from(refusal.body());
  context.bytesOut = body.length;
  context.method = refusal.asked?.method;
  context.target = refusal.asked?.targetName;
  return new AnsweredError(new BytesAnswer(refusal.httpStatus, body), refusalReason(refusal));
}
