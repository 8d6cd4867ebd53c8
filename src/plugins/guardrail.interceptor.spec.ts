import type { McpCall } from '#libs/mcp';
import type { Request } from 'express';
import { describe, expect, it } from 'vitest';
import { BytesAnswer } from '../http/answer.js';
import type { RequestContext } from '../http/request-context.js';
import type { CatalogItem } from '../registry/catalog/catalog.js';
import { PluginChains } from './chain/plugin-chains.js';
import { GuardrailInterceptor } from './guardrail.interceptor.js';
import { PluginEvents } from './events/plugin-events.js';

const CALL = Object.freeze({ method: 'tools/call' }) as McpCall;
const AT = { request: {} as Request, context: {} as RequestContext };

describe(GuardrailInterceptor.name, () => {
  it('hands the very call on and the very answer back where there is no guardrail', () => {
    const answer = new BytesAnswer(200, Buffer.from('{}'));
    const interceptor = new GuardrailInterceptor(new PluginChains(), new PluginEvents());
    const taken: unknown[] = [];
    const made = interceptor.intercept(CALL, {} as CatalogItem, AT, (guarded, guard) => {
      taken.push(guarded.call, guard);
      return answer;
    });
    expect(made).toBe(answer);
    expect(taken).toEqual([CALL, undefined]);
    expect(taken[0]).toBe(CALL);
  });
});
