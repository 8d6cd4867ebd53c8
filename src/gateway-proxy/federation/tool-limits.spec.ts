import type { McpCall } from '#libs/mcp';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { publicOnly } from '../../../test/fixtures/principals.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { BytesAnswer } from '../../http/answer.js';
import { RequestContext } from '../../http/request-context.js';
import { FederationSettings } from './federation.settings.js';
import { ToolLimits } from './tool-limits.js';
import { ToolUse } from './tool-use.js';

const CALL = { id: 7 } as McpCall;

function contextOf(subject: string): RequestContext {
  const context = new RequestContext(new IncomingMessage(new Socket()));
  context.principal = { ...publicOnly, subject };
  return context;
}

const limitsOf = (variables: Record<string, string> = {}, most?: number): ToolLimits =>
  new ToolLimits(settingsOf(FederationSettings, variables), most);

function bodyOf(answer: ToolUse | BytesAnswer) {
  if (answer instanceof ToolUse) throw new Error('it was let in');
  return { status: answer.status, headers: answer.headers, ...JSON.parse(answer.body.toString()) };
}

describe(ToolLimits.name, () => {
  it('are those of the contract by default', () => {
    const limits = limitsOf();
    const context = contextOf('ann@example.com');
    const uses = Array.from({ length: 10 }, () => limits.enter(CALL, 'tool', context, 0) as ToolUse);
    expect(bodyOf(limits.enter(CALL, 'tool', context, 0)).error.data.reason).toBe('tool_concurrent_limit');
    for (const use of uses) use.leave();
    for (let call = 0; call < 90; call++) (limits.enter(CALL, 'tool', context, 0) as ToolUse).leave();
    expect(bodyOf(limits.enter(CALL, 'tool', context, 0)).error.data.reason).toBe('tool_rate_limit');
  });

  it('refuse with the limit, its setting and when to come again', () => {
    const limits = limitsOf({ TOOL_RATE_LIMIT: '2' });
    const context = contextOf('ann@example.com');
    limits.enter(CALL, 'tool', context, 0);
    limits.enter(CALL, 'tool', context, 0);
    expect(bodyOf(limits.enter(CALL, 'tool', context, 0))).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '30' },
      id: 7,
      error: {
        code: -32603,
        message: expect.stringContaining('TOOL_RATE_LIMIT'),
        data: { reason: 'tool_rate_limit', limit: 2, retryAfter: 30 },
      },
    });
    expect(context.blockReason).toBe('tool_rate_limit');
  });

  it('are for each user and each tool', () => {
    const limits = limitsOf({ TOOL_CONCURRENT_LIMIT: '1' });
    const [ann, bob] = [contextOf('ann@example.com'), contextOf('bob@example.com')];
    expect(limits.enter(CALL, 'tool', ann, 0)).toBeInstanceOf(ToolUse);
    expect(limits.enter(CALL, 'tool', ann, 0)).toBeInstanceOf(BytesAnswer);
    expect(limits.enter(CALL, 'other', ann, 0)).toBeInstanceOf(ToolUse);
    expect(limits.enter(CALL, 'tool', bob, 0)).toBeInstanceOf(ToolUse);
  });

  it('keep a bounded number of counts, and forget none that matters', () => {
    const limits = limitsOf({ TOOL_RATE_LIMIT: '60' }, 2);
    const ann = contextOf('ann@example.com');
    const use = limits.enter(CALL, 'one', ann, 0) as ToolUse;
    (limits.enter(CALL, 'two', ann, 0) as ToolUse).leave();
    const bob = contextOf('bob@example.com');
    expect(bodyOf(limits.enter(CALL, 'one', bob, 0)).error.data.reason).toBe('tool_limits_full');
    // One is idle by then; the other still runs.
    expect(limits.enter(CALL, 'one', bob, 2000)).toBeInstanceOf(ToolUse);
    expect(limits.enter(CALL, 'two', bob, 4000)).toBeInstanceOf(BytesAnswer);
    use.leave();
    expect(limits.enter(CALL, 'two', bob, 6000)).toBeInstanceOf(ToolUse);
  });
});
