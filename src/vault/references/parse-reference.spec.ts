import { describe, expect, it } from 'vitest';
import { isReference, isWithin, parseReference, segmentsOf } from './parse-reference.js';

describe(parseReference.name, () => {
  it.each([
    ['vault://kv/team/crm#token', ['kv', 'team', 'crm']],
    ['vault://KV/Team%20A/crm?version=2#token', ['KV', 'Team A', 'crm']],
    ['aws-sm://prod/crm#token', ['prod', 'crm']],
    [
      'aws-sm:///arn:aws:secretsmanager:eu-central-1:1:secret:prod/crm-x',
      ['arn:aws:secretsmanager:eu-central-1:1:secret:prod', 'crm-x'],
    ],
    ['gcp-sm://project/secret/3', ['project', 'secret', '3']],
    ['azure-kv://secret', ['secret']],
    ['env://UPSTREAM_KEY', ['UPSTREAM_KEY']],
    ['file:///db/password', ['db', 'password']],
  ])('reads %s', (text, segments) => {
    const reference = parseReference(text);
    expect(reference && segmentsOf(reference)).toEqual(segments);
  });

  it.each([
    'a plain secret',
    'https://example.com/secret',
    'vault:kv/crm#token',
    'vault://',
    'vault:///',
    'vault://kv//crm',
    'vault://kv/',
    'vault://kv/./crm',
    'vault://kv/../crm',
    'vault://kv/%2e%2e/crm',
    'vault://kv/%2E./crm',
    'vault://kv/a%2Fb',
    'vault://kv/a%5Cb',
    'vault://kv/a%00b',
    'vault://kv/a%0Ab',
    'vault://kv/a%ffb',
    'vault://kv/a b',
    'vault://kv/\u0000',
    'vault://user:pass@kv/crm',
    'vault://kv:8200/crm',
    'Vault://kv/crm',
    ' vault://kv/crm',
    'vault://kv/crm\n',
    `vault://kv/${'a'.repeat(1024)}`,
    'env://UPSTREAM KEY',
    'vault://kv/crm#%zz',
    'vault://kv/crm#%ff',
  ])('refuses %j', (text) => {
    expect(parseReference(text)).toBeUndefined();
  });
});

describe(isReference.name, () => {
  it.each(['vault://x', ' vault://', 'VAULT://kv/x', '\tenv://HOME', 'File://x'])(
    'takes %j for one that is meant',
    (text) => {
      expect(isReference(text)).toBe(true);
    },
  );

  it.each(['vault', 'vault:x', 'see vault://x', 'https://vault', 'environment://', ''])(
    'takes %j for a secret',
    (text) => {
      expect(isReference(text)).toBe(false);
    },
  );
});

describe(isWithin.name, () => {
  it.each([
    ['vault://kv/a/b#c', 'vault://kv/a', true],
    ['vault://kv/a/b#c', 'vault://kv/a/', true],
    ['vault://kv/a#c', 'vault://kv/a', true],
    ['vault://kv/a?version=1#c', 'vault://kv/a', true],
    ['vault://kv/a#c', 'vault://kv/a#c', true],
    ['env://NAME', 'env://', true],
    ['vault://kv/ab#c', 'vault://kv/a', false],
    ['vault://kv/a#cd', 'vault://kv/a#c', false],
    ['vault://kv2/a#c', 'vault://kv/', false],
    ['env://NAME_OF_ANOTHER', 'env://NAME', false],
  ])('%s begins with %s: %s', (text, prefix, expected) => {
    expect(isWithin(new URL(text), prefix)).toBe(expected);
  });
});
