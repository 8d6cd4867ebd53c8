import { describe, expect, it } from 'vitest';
import { mask } from './mask.js';

describe('mask', () => {
  it.each([
    ['ssn', '123-45-6789', '***-**-6789'],
    ['ssn', '123456789', '***-**-6789'],
    ['bsn', '123456789', '*****6789'],
    ['credit_card', '4111 1111 1111 1111', '****-****-****-1111'],
    ['phone', '(555) 123-4567', '***-***-4567'],
    ['email', 'jane@example.com', 'j***e@example.com'],
    ['email', 'jo@example.com', '***@example.com'],
    ['email', '😀x😀@example.com', '😀***😀@example.com'],
    ['email', '"j d"@example.com', '***@example.com'],
    ['email', 'john@[192.168.2.1]', 'j***n@***'],
    ['ip_address', '10.0.0.1', '1******1'],
    ['iban', 'GB82', 'G**2'],
    ['iban', 'GB', '[REDACTED]'],
  ])('partial %s of %s is %s', (type, value, masked) => expect(mask(value, type, 'partial')).toBe(masked));

  it('redacts, removes, hashes and tokenizes', () => {
    expect(mask('x', 'ssn', 'redact')).toBe('[REDACTED]');
    expect(mask('x', 'ssn', 'redact', { redactionText: '***' })).toBe('***');
    expect(mask('x', 'ssn', 'remove')).toBe('');
    expect(mask('abc', 'ssn', 'hash')).toBe('[HASH:ba7816bf]');
    expect(mask('abc', 'ssn', 'tokenize')).toMatch(/^\[TOKEN:[0-9a-f]{8}\]$/);
    expect(mask('abc', 'ssn', 'tokenize')).not.toBe(mask('abc', 'ssn', 'tokenize'));
  });

  it('takes an HMAC for the hash when it has a key (RFC 4231 test case 2)', () => {
    expect(mask('what do ya want for nothing?', 'ssn', 'hash', { key: 'Jefe' })).toBe('[HASH:5bdcc146]');
  });
});
