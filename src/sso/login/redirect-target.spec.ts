import { describe, expect, it } from 'vitest';
import { isRedirectTarget } from './redirect-target.js';

const ORIGINS = new Set(['https://gate.example.com', 'http://localhost:3000']);

describe(isRedirectTarget, () => {
  it.each([
    '/',
    '/admin',
    '/admin/tools?page=2&q=a%20b#top',
    'https://gate.example.com/admin',
    'http://localhost:3000/callback?a=b',
    'HTTPS://GATE.EXAMPLE.COM/admin',
  ])('takes %s', (text) => {
    expect(isRedirectTarget(text, ORIGINS)).toBe(true);
  });

  it.each([
    '',
    'admin',
    '//evil.example',
    '///evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    '/\\/evil.example',
    '/%5Cevil.example',
    '/%2Fevil.example',
    '%2F%2Fevil.example',
    '/%09/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/%0d%0aSet-Cookie:a=b',
    '/%E2%80%8B/evil.example',
    '/%zz',
    ' /admin',
    '/admin ',
    '/\u0000',
    '/ädmin',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://gate.example.com/x',
    'https:gate.example.com',
    'https:/gate.example.com',
    'https:///gate.example.com',
    'https://evil.example',
    'https://gate.example.com.evil.example',
    'https://gate.example.com@evil.example',
    'https://evil.example#@gate.example.com',
    'https://user:pass@gate.example.com/',
    'https://@gate.example.com/',
    'https://gate.example.com:444/',
    'http://gate.example.com/',
    'https://gate-example.com/',
    'https://gаte.example.com/',
    'https://gate.example.com%2eevil.example/',
    'https://gate.example.com\\@evil.example',
    `/${'a'.repeat(2048)}`,
  ])('refuses %j (attack 42)', (text) => {
    expect(isRedirectTarget(text, ORIGINS)).toBe(false);
  });
});
