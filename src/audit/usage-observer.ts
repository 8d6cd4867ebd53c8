import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '../http/request-context.js';
import { arrivalId } from './arrival-id.js';
import type { UsageLogRow } from './usage-log.entity.js';
import { UsageWriter } from './usage-writer.js';

/**
 * Sees the end of every request that had a principal, refused or not. It hangs on the response and not in an
 * interceptor, because a guard that refuses ends a request before any interceptor runs.
 * Requests without a valid credential leave no row: strangers must not be able to fill the table.
 */
@Injectable()
export class UsageObserver {
  constructor(private readonly writer: UsageWriter) {}

  watch(request: IncomingMessage, response: ServerResponse): void {
    response.once('close', () => {
      this.record(request.context, request, response);
    });
  }

  record(context: RequestContext, request: IncomingMessage, response: ServerResponse): void {
    if (context.principal) this.writer.push(rowOf(context, request, response));
  }
}

function rowOf(context: RequestContext, request: IncomingMessage, response: ServerResponse): UsageLogRow {
  const { principal, blockReason, failed } = context;
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return {
    id: arrivalId(context.arrivedAt),
    timestamp: new Date(context.arrivedAt),
    correlationId: context.correlationId,
    userEmail: principal?.subject ?? '',
    tokenJti: principal?.tokenId ?? null,
    method: request.method ?? '',
    endpoint: clip(query === -1 ? url : url.slice(0, query), 255) ?? '',
    mcpMethod: clip(context.method, 128),
    target: clip(context.target, 255),
    serverId: context.serverId ?? null,
    gatewayId: context.gatewayId ?? null,
    ipAddress: context.clientAddress,
    userAgent: clip(context.userAgent, 255) ?? '',
    statusCode: response.statusCode,
    outcome: outcomeOf(context, response),
    blocked: blockReason !== undefined,
    blockReason: clip(blockReason ?? failed, 100),
    responseTimeUs: Math.round((performance.now() - context.startedAt) * 1000),
    bytesIn: context.bytesIn,
    bytesOut: context.bytesOut,
  };
}

function outcomeOf(context: RequestContext, response: ServerResponse): string {
  if (context.blockReason !== undefined) return 'blocked';
  if (response.destroyed && !response.writableFinished) return 'aborted';
  return context.failed === undefined && response.statusCode < 400 ? 'ok' : 'error';
}

// Control characters in a name must not reach whoever prints the log.
function clip(text: string | undefined, length: number): string | null {
  if (text === undefined) return null;
  const plain = text.replace(/\p{Cc}/gu, '?');
  return plain.length > length ? plain.slice(0, length) : plain;
}
