import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '../http/request-context.js';
import { AuditSettings } from './audit.settings.js';
import { arrivalId } from './arrival-id.js';
import { logText, optionalLogText } from './log-text.js';
import { shownPath } from './shown-path.js';
import type { UsageLogRow } from './usage-log.entity.js';
import { RowAllowance } from './row-allowance.js';
import { UsageWriter } from './usage-writer.js';

/**
 * Sees the end of every request that had a principal, refused or not. It hangs on the response and not in an
 * interceptor, because a guard that refuses ends a request before any interceptor runs.
 * Strangers must not be able to fill the table: requests that were refused for want of a valid credential leave no row,
 * those of anonymous callers and of tokens that have ended so many a minute.
 */
@Injectable()
export class UsageObserver {
  readonly #listeners: ((context: RequestContext) => void)[] = [];
  readonly #anonymous: RowAllowance;
  readonly #refused: RowAllowance;

  constructor(
    private readonly writer: UsageWriter,
    settings: AuditSettings,
  ) {
    this.#anonymous = new RowAllowance(settings.anonymousPerMinute);
    this.#refused = new RowAllowance(settings.refusedPerMinute);
  }

  /** Tells of every request that left a row; what listens must not throw. */
  onEnd(listener: (context: RequestContext) => void): void {
    this.#listeners.push(listener);
  }

  watch(request: IncomingMessage, response: ServerResponse): void {
    response.once('close', () => {
      if (!request.context.goesOn) this.record(request.context, request, response);
    });
  }

  record(context: RequestContext, request: IncomingMessage, response: ServerResponse): void {
    if (!this.#leavesRow(context)) return;
    this.writer.push(rowOf(context, request, response));
    if (context.principal) for (const listener of this.#listeners) listener(context);
  }

  #leavesRow({ principal, formerHolder }: RequestContext): boolean {
    if (principal) return principal.kind !== 'anonymous' || this.#anonymous.takes(Date.now());
    return formerHolder !== undefined && this.#refused.takes(Date.now());
  }
}

/** Every text is cut to the width of its column: a database that refused one row would refuse its whole batch, for ever. */
function rowOf(context: RequestContext, request: IncomingMessage, response: ServerResponse): UsageLogRow {
  const { principal, formerHolder, blockReason, failed } = context;
  const who = principal ?? formerHolder;
  return {
    id: arrivalId(context.arrivedAt),
    timestamp: new Date(context.arrivedAt),
    correlationId: context.correlationId,
    userEmail: logText(who?.subject ?? '', 191),
    tokenJti: optionalLogText(who?.tokenId, 64),
    method: logText(request.method ?? '', 10),
    endpoint: logText(shownPath(request.url ?? '/'), 255),
    mcpMethod: optionalLogText(context.method, 128),
    target: optionalLogText(context.target, 255),
    serverId: optionalLogText(context.serverId, 36),
    gatewayId: optionalLogText(context.gatewayId, 36),
    ipAddress: logText(context.clientAddress, 64),
    userAgent: logText(context.userAgent, 255),
    statusCode: response.statusCode,
    outcome: outcomeOf(context, response),
    blocked: blockReason !== undefined,
    blockReason: optionalLogText(blockReason ?? failed, 100),
    responseTimeUs: Math.round((performance.now() - context.startedAt) * 1000),
    bytesIn: context.bytesIn,
    bytesOut: context.bytesOut,
  };
}

function outcomeOf(context: RequestContext, response: ServerResponse): string {
  if (context.blockReason !== undefined) return 'blocked';
  // A stream that we cut, because its upstream failed, was not given up by the client.
  const givenUp = context.failed === undefined || context.failed === 'cancelled';
  if (response.destroyed && !response.writableFinished && givenUp) return 'aborted';
  return context.failed === undefined && response.statusCode < 400 ? 'ok' : 'error';
}
