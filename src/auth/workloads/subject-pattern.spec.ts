import { describe, expect, it } from 'vitest';
import { isServiceAccount, SubjectPattern, trustDomainOf } from './subject-pattern.js';

describe(SubjectPattern.name, () => {
  it.each([
    ['system:serviceaccount:prod:agent', 'system:serviceaccount:prod:agent'],
    ['system:serviceaccount:prod:*', 'system:serviceaccount:prod:agent'],
    ['spiffe://example.org/ns/prod/sa/*', 'spiffe://example.org/ns/prod/sa/agent'],
    ['spiffe://example.org/*/agent', 'spiffe://example.org/prod/agent'],
    ['spiffe://example.org', 'spiffe://example.org'],
  ])('%s means %s', (pattern, subject) => {
    expect(new SubjectPattern(pattern).matches(subject)).toBe(true);
  });

  it.each([
    ['system:serviceaccount:prod:*', 'system:serviceaccount:prod-evil:x'],
    ['system:serviceaccount:prod:*', 'system:serviceaccount:prod'],
    ['system:serviceaccount:prod:*', 'system:serviceaccount:prod:a:b'],
    ['system:serviceaccount:prod:agent', 'system:serviceaccount:prod:agent2'],
    ['system:serviceaccount:prod:agent', 'system:serviceaccount:PROD:agent'],
    ['spiffe://example.org/*', 'spiffe://example.org/a/b'],
    ['spiffe://example.org/*', 'spiffe://example.org'],
    ['spiffe://example.org/*', 'spiffe://example.org.evil.net/a'],
  ])('%s does not mean %s', (pattern, subject) => {
    expect(new SubjectPattern(pattern).matches(subject)).toBe(false);
  });

  it.each([
    'system:serviceaccount:prod*:agent',
    'system:serviceaccount:*:agent',
    'system:serviceaccount:prod:**',
    'system:serviceaccount:prod',
    'system:serviceaccount:*',
    '*',
    'system:node:*',
    'spiffe://*/agent',
    'spiffe://*',
    'spiffe://example.org/ag*',
    'spiffe://example.org/../x',
    'spiffe://Example.org/x',
    'https://example.org/*',
  ])('%s is none', (pattern) => {
    expect(() => new SubjectPattern(pattern)).toThrow(/must be system:serviceaccount/);
  });
});

it.each([
  'spiffe://example.org/',
  'spiffe://example.org//x',
  'spiffe://example.org/./x',
  'spiffe://example.org/x/..',
  'spiffe://example.org/a%2fb',
  'spiffe://example.org/x?y',
  'spiffe://example.org:80/x',
  'spiffe://a@example.org/x',
  'SPIFFE://example.org/x',
  'spiffe:///x',
  `spiffe://example.org/${'x'.repeat(2048)}`,
])('%s is no SPIFFE ID', (subject) => {
  expect(trustDomainOf(subject)).toBeUndefined();
});

it.each(['system:serviceaccount:prod:', 'system:serviceaccount::x', 'system:serviceaccount:a:b:c', 'system:node:x'])(
  '%s is no service account',
  (subject) => {
    expect(isServiceAccount(subject)).toBe(false);
  },
);
