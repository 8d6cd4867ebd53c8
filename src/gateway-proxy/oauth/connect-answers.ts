import { randomUUID } from 'node:crypto';
import { errorBody, mayBeAsked, NEEDS_URL, RPC_CODES } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { BytesAnswer } from '../../http/answer.js';
import { GatewayError } from '../../http/errors.js';
import { UnconnectedError } from '../../oauth/tokens/unconnected-error.js';
import { ParkedCalls } from '../bridge/parked-calls.js';
import type { ForwardJob } from '../forward/forward-job.js';
import { resultAnswer } from '../gate/opening.js';
import { rpcError } from '../gate/gate-refusal.js';
import { errorResult } from '../kept/rest-result.js';

/** Answers calls to upstreams for which there is no token: the client is never told that its own is refused. */
@Injectable()
export class ConnectAnswers {
  constructor(private readonly parked: ParkedCalls) {}

  /** @throws what is no such failure */
  to(job: ForwardJob, error: unknown): BytesAnswer {
    if (!(error instanceof GatewayError)) throw error;
    const { call, context } = job;
    context.failed = error.code;
    if (error instanceof UnconnectedError) return this.#connect(job, error);
    return rpcError(call.id, 200, RPC_CODES.internalError, error.message, { reason: error.code });
  }

  /** Where the client can show an address, it is given one (MCP 2025-11-25 and 2026-07-28, Elicitation, URL mode). */
  #connect(job: ForwardJob, { message, connectUrl: url }: UnconnectedError): BytesAnswer {
    const { call, gateway, session } = job;
    const text = `${gateway.name}: ${message}`;
    const elicitation = { mode: 'url', elicitationId: randomUUID(), url, message: text };
    const required = Buffer.from(errorBody(call.id, NEEDS_URL, text, { elicitations: [elicitation] }));
    const asked =
      call.era === 'modern'
        ? this.parked.toUrl(required, job)
        : session && mayBeAsked('elicitation/create', elicitation, session.capabilities)
          ? new BytesAnswer(200, required)
          : undefined;
    if (asked) return asked;
    if (call.method !== 'tools/call')
      return rpcError(call.id, 200, RPC_CODES.internalError, text, { reason: 'oauth_unconnected', url });
    return resultAnswer(call, { ...errorResult(text), ...(call.era === 'modern' && { resultType: 'complete' }) });
  }
}
