import type { JsonObject } from '#libs/mcp';
import type { Permission, Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AnsweredError, BytesAnswer } from '../../http/answer.js';
import { GatewayError } from '../../http/errors.js';
import { BlockedAnswer } from '../../plugins/guard/blocked-answer.js';
import { AccessService } from '../../rbac/access.service.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { DecidedCalls } from '../gate/decided-calls.js';
import { mcpRequest } from './mcp-request.js';
import { mcpResult } from './mcp-result.js';

/** What a REST route asks, in the words of MCP. */
export interface RestQuestion {
  readonly method: 'resources/read' | 'prompts/get';
  readonly permission: Permission;
  readonly targetName: string;
  readonly params: JsonObject;
}

/** Asks on behalf of a REST route what MCP clients ask, by the same rule and past the same guardrails. */
@Injectable()
export class RestCalls {
  constructor(
    private readonly access: AccessService,
    private readonly calls: DecidedCalls,
  ) {}

  /**
   * @param item undefined where there is none, which is answered like a hidden one
   * @param unknown what both are told
   * @throws GatewayError 403, 404, or what became of the call
   */
  async ask(
    caller: Principal,
    item: CatalogItem | undefined,
    unknown: string,
    { method, permission, targetName, params }: RestQuestion,
    request: Request,
  ): Promise<JsonObject> {
    const circumstances = { arguments: params['arguments'] };
    const verdict = item && this.access.check(caller, permission, item, circumstances);
    if (!item || verdict?.reason === 'not_visible') throw new GatewayError('not_found', unknown);
    if (!verdict?.allowed) throw new GatewayError('access_denied', undefined, verdict?.reason);
    const { context, res: response } = request;
    if (!response) throw new GatewayError('internal_error');
    context.method = method;
    context.target = targetName;
    const at = { request, response, context, session: undefined, takesEvents: false, whole: true };
    const answer = await this.calls.answer(mcpRequest(method, targetName, params), item, at);
    if (answer instanceof BlockedAnswer) throw new AnsweredError(restBlock(answer, method), 'guardrail');
    return mcpResult(answer);
  }
}

/** What a guardrail held back, in the words of the documented contract. */
function restBlock({ told, text }: BlockedAnswer, method: RestQuestion['method']): BytesAnswer {
  const { status, code, message, data, headers } = told;
  const ofPrompt = method === 'prompts/get';
  const body = ofPrompt ? { message: text, details: data['description'] } : { error: { code, message, data } };
  return new BytesAnswer(ofPrompt ? 422 : status, Buffer.from(JSON.stringify(body)), headers);
}
