import { describe, expect, it } from 'vitest';
import { GatewayError } from './errors.js';
import { operatorMessage } from './operator-message.js';

describe(operatorMessage.name, () => {
  it('says what is behind a refusal of the gateway, which callers are not told', () => {
    const behind = new Error('KEY_FILE_PATH names /k, which others can read');
    const refused = Object.assign(new GatewayError('keys_unavailable'), { cause: behind });
    expect(operatorMessage(refused)).toBe(`${refused.message}: ${behind.message}`);
    expect(operatorMessage(new GatewayError('conflict'))).toBe('Already exists');
  });

  it('says of anything else no more than it says itself', () => {
    expect(operatorMessage(new Error('a message', { cause: new Error('a URL with a password') }))).toBe('a message');
  });
});
