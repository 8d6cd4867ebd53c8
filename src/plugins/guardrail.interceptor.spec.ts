import type { McpCall } from '#libs/mcp';
import { describe, expect, it } from 'vitest';
import { BytesAnswer } from '../http/answer.js';
import { GuardrailChain } from './guardrail-chain.js';
import { GuardrailInterceptor } from './guardrail.interceptor.js';

const CALL = Object.freeze({ method: 'tools/call' }) as McpCall;

describe(GuardrailInterceptor.name, () => {
  it('hands the very call on and the very answer back where there is no guardrail', async () => {
    const answer = new BytesAnswer(200, Buffer.from('{}'));
    const handled: McpCall[] = [];
    const handle = (call: McpCall): Promise<BytesAnswer> => {
      handled.push(call);
      return Promise.resolve(answer);
    };
    expect(await new GuardrailInterceptor(new GuardrailChain()).intercept(CALL, { handle })).toBe(answer);
    expect(handled).toEqual([CALL]);
    expect(handled[0]).toBe(CALL);
  });

  it('lets nothing through past guardrails that it can not run', () => {
    const configured = Object.assign(new GuardrailChain(), { isEmpty: false });
    const handle = (): never => {
      throw new Error('was let through');
    };
    expect(() => new GuardrailInterceptor(configured).intercept(CALL, { handle })).toThrow('this build can’t run');
  });
});
