import { describe, expect, it } from 'vitest';
import { type Change, InProcessChangeBus } from './change-bus.js';

const CHANGE: Change = { kind: 'token_revoked', jti: 'j-1' };

describe(InProcessChangeBus.name, () => {
  it('reaches every listener before it returns, in the order they subscribed', () => {
    const bus = new InProcessChangeBus();
    const heard: string[] = [];
    bus.subscribe(({ kind }) => heard.push(`first ${kind}`));
    bus.subscribe(({ kind }) => heard.push(`second ${kind}`));
    bus.publish(CHANGE);
    expect(heard).toEqual(['first token_revoked', 'second token_revoked']);
  });

  it('reaches the others when one fails, and says so', () => {
    const bus = new InProcessChangeBus();
    const heard: Change[] = [];
    bus.subscribe(() => {
      throw new Error('broken cache');
    });
    bus.subscribe((change) => heard.push(change));
    expect(() => bus.publish(CHANGE)).toThrow(AggregateError);
    expect(heard).toEqual([CHANGE]);
  });

  it('does without listeners', () => {
    expect(() => new InProcessChangeBus().publish(CHANGE)).not.toThrow();
  });
});
