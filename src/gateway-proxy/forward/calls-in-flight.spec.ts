import type { McpCall } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { publicOnly } from '../../../test/fixtures/principals.js';
import { ANONYMOUS } from '../../auth/credentials/anonymous.js';
import { RequestContext } from '../../http/request-context.js';
import { CallsInFlight } from './calls-in-flight.js';

function contextOf(principal: Principal): RequestContext {
  const context = new RequestContext(new IncomingMessage(new Socket()));
  context.principal = principal;
  return context;
}

/** Whether a second request of the same principal ends a call of the first. */
function ends(principal: Principal, by = principal): boolean {
  const calls = new CallsInFlight();
  let ended = false;
  calls.add(contextOf(principal), { id: 1 } as McpCall, () => (ended = true));
  calls.cancel(contextOf(by), 1);
  return ended;
}

describe(CallsInFlight.name, () => {
  it('ends the call of the same caller only', () => {
    expect(ends(publicOnly)).toBe(true);
    expect(ends(publicOnly, { ...publicOnly, tokenId: 'another' })).toBe(false);
    expect(ends(publicOnly, { ...publicOnly, subject: 'bob@example.com' })).toBe(false);
  });

  it('ends all calls of a session, and of no other', () => {
    const calls = new CallsInFlight();
    const ended: unknown[] = [];
    for (const [id, mcpSessionId] of ['a', 'a', 'b', undefined].entries()) {
      const context = Object.assign(contextOf(publicOnly), { mcpSessionId });
      calls.add(context, { id } as McpCall, () => ended.push(id));
    }
    calls.cancelAll('a');
    expect(ended).toEqual([0, 1]);
  });

  it('ends no call of anonymous callers, who can’t be told apart', () => {
    expect(ends(ANONYMOUS)).toBe(false);
  });
});
