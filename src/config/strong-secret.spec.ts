import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { strongSecret } from './strong-secret.js';

const { read, ...setting } = strongSecret('KEY', 'A key.');
const faultOf = (value: string): string | undefined => {
  try {
    read(value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

describe(strongSecret.name, () => {
  it('must be there and is a secret', () => {
    expect(setting).toMatchObject({ required: true, secret: true, shown: '' });
  });

  it.each(['hex', 'base64', 'base64url'] as const)('takes random %s', (encoding) => {
    for (let i = 0; i < 200; i += 1) expect(faultOf(randomBytes(32).toString(encoding))).toBeUndefined();
  });

  it.each(['', 'short', 'x7Qm2pL9sKvR4tYw8nZb3cFh6jDg1aE'])('refuses the short "%s"', (value) => {
    expect(faultOf(value)).toBe('must have at least 32 characters');
  });

  it.each([
    'zyxwvutsrqponmlkjihgfedcba9876543',
    'aabbccddeeffgghhiijjkkllmmnnooppqqrr',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaa1f7c4e9b2d',
    '!#%)-3;EO[iy!#%)-3;EO[iyaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  ])('refuses "%s", which is long and easy', (value) => {
    expect(faultOf(value)).toBe('is too monotonous; take random bytes');
  });

  it.each([
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr9Z9CAow',
    '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970',
    'a-string-secret-at-least-256-bits-long',
    'your-512-bit-key-6kPz0vTq9XwB4nMd',
  ])('refuses "%s", which is printed in standards and tutorials', (value) => {
    expect(faultOf(value)).toBe('is a known or placeholder value; take random bytes');
  });

  it.each(['a'.repeat(64), 'ab12'.repeat(20), 'x7Qm2pL9sKvR4tYw'.repeat(2), 'x7Qm2pL9sKvR4'.repeat(3)])(
    'refuses the monotonous "%s"',
    (value) => {
      expect(faultOf(value)).toBe('is too monotonous; take random bytes');
      expect(faultOf(value + value.slice(0, 5))).toBe('is too monotonous; take random bytes');
    },
  );

  it.each(
    [
      ['my-test-key', 'my-test-salt', 'changeme', 'change_this_in_prod', 'secret-key', 'SECRET_KEY', 'my_secret'],
      ['password', 'passwd', '__REPLACE_ME__', 'replace-me', 'your-secret', 'supersecret', 'example', 'insecure'],
      ['jwtPrivateKey', 'default', 'placeholder', 'qwerty', '0123456789', 'abcdefgh'],
    ].flat(),
  )('refuses what contains "%s", however it is padded', (known) => {
    expect(faultOf(`${known}-8fKq2LwZx7RtVb5NcJ4mHs9YgDp3`)).toBe('is a known or placeholder value; take random bytes');
  });

  it('refuses what is very long and monotonous', () => {
    expect(faultOf(randomBytes(300).toString('hex').repeat(100))).toBe('is too monotonous; take random bytes');
  });
});
