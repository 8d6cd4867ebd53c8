import { type McpCall, RPC_CODES } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Answer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { rpcError } from '../gate/gate-refusal.js';
import { KeptPrompts } from './kept-prompts.js';
import { KeptResources } from './kept-resources.js';
import { KeptTools } from './kept-tools.js';

export interface KeptRequest {
  readonly context: RequestContext;
  readonly response: Response;
  /** What guardrails set among the headers that go out, in lower case; null for one that must not. */
  readonly headers: Readonly<Record<string, string | null>> | undefined;
  /** When guardrails give the call up, milliseconds. */
  readonly deadlineMs?: number | undefined;
}

/** Answers calls about what the gateway keeps itself, where there is no upstream. */
@Injectable()
export class KeptAnswers {
  constructor(
    private readonly tools: KeptTools,
    private readonly resources: KeptResources,
    private readonly prompts: KeptPrompts,
  ) {}

  /** The caller may; that has been decided. */
  answer(call: McpCall, item: CatalogItem, request: KeptRequest): Answer | Promise<Answer> {
    const { context } = request;
    switch (call.method) {
      case 'tools/call':
        return this.tools.answer(item, { call, ...request });
      case 'resources/read':
        return this.resources.answer(call, item, context);
      case 'prompts/get':
        return this.prompts.answer(call, item, context);
      default:
        context.failed = 'internal_error';
        return rpcError(call.id, 200, RPC_CODES.internalError, `${item.name} cannot be answered`);
    }
  }
}
