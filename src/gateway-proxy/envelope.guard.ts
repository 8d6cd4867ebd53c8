import { type Envelope, type EnvelopeLimits, EnvelopeRefusal, openEnvelope } from '#libs/mcp';
import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';
import { UsageWriter } from '../audit/usage-writer.js';
import { AnsweredError, BytesAnswer } from '../http/answer.js';
import { GatewayError } from '../http/errors.js';
import { ValidationSettings } from '../http/fields/validation.settings.js';
import { readBody } from '../http/read-body.js';
import { routePolicyOf } from '../http/route-policy.js';
import { GateSettings } from './gate.settings.js';
import { refusalReason, rpcError } from './gate/gate-refusal.js';

declare module 'http' {
  interface IncomingMessage {
    /** Set by the EnvelopeGuard on MCP endpoints. */
    envelope?: Envelope;
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
  ) {
    this.#limits = {
      maxDepth: jsonDepth,
      maxBatch: settings.maxBatch,
      maxMethodLength: methodLength,
      maxParamsBytes: rpcParamBytes,
    };
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (routePolicyOf(context.getHandler(), context.getClass<Type>())?.kind !== 'mcp') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    refuseSessions(request, http.getResponse<Response>());
    // The usage log pushes back here: a call that could not be written down does not start.
    if (!this.usage.hasRoom) await this.usage.room();
    const body = await readBody(request, this.settings.maxBodyBytes, 'MCP_MAX_BODY_BYTES');
    request.context.bytesIn = body.length;
    const envelope = openEnvelope({
      door: request.path.startsWith('/rpc') ? 'rpc' : 'mcp',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body,
      limits: this.#limits,
    });
    if (envelope instanceof EnvelopeRefusal) throw refused(envelope, request);
    refuseForeignSession(envelope, request);
    request.envelope = envelope;
    request.context.cost = envelope.entries.length;
    return true;
  }
}

/** The gate serves every request without a session, so there is no stream to open and none to end. */
function refuseSessions(request: Request, response: Response): void {
  if (request.method === 'POST') return;
  response.setHeader('Allow', 'POST');
  if (request.method === 'DELETE')
    throw new GatewayError(
      'bad_request',
      'Mcp-Session-Id: there is no session to end; every request is served without one',
    );
  throw new GatewayError('method_not_allowed', 'Send JSON-RPC messages with POST; there is no standalone stream');
}

/** No session is ours; 2026-07-28 knows none and says nothing of the header. */
function refuseForeignSession({ batch, entries: [first] }: Envelope, request: Request): void {
  if (request.headers['mcp-session-id'] === undefined) return;
  const call = first instanceof EnvelopeRefusal ? undefined : first;
  if (!batch && call?.era === 'modern') return;
  const answer = rpcError(batch ? undefined : call?.id, 404, -32001, 'Session not found');
  request.context.bytesOut = answer.body.length;
  throw new AnsweredError(answer, 'unknown_session');
}

function refused(refusal: EnvelopeRefusal, request: Request): AnsweredError {
  const { context } = request;
  const body = Buffer.from(refusal.body());
  context.bytesOut = body.length;
  context.method = refusal.asked?.method;
  context.target = refusal.asked?.targetName;
  return new AnsweredError(new BytesAnswer(refusal.httpStatus, body), refusalReason(refusal));
}
