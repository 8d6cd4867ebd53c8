import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isBrowserShaped, sessionCookie } from './session-cookie.js';

describe(sessionCookie.name, () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['theme=dark', undefined],
    ['jwt_token=a.b.c', 'a.b.c'],
    ['theme=dark; jwt_token=a.b.c; lang=de', 'a.b.c'],
    ['jwt_token=', ''],
    ['x_jwt_token=a; jwt_token2=b', undefined],
    ['JWT_TOKEN=a', undefined],
    ['theme=jwt_token', undefined],
    ['jwt_token=a; jwt_token=a', ''],
    ['jwt_token=a;jwt_token =b', ''],
  ])('finds in %j the token %j', (header, token) => {
    expect(sessionCookie(header)).toBe(token);
  });
});

describe(isBrowserShaped.name, () => {
  const OURS = 'https://gate.example.com';
  const sameOrigin = { 'sec-fetch-site': 'same-origin' };
  it.each<[string, boolean, IncomingHttpHeaders]>([
    ['nothing', false, {}],
    ['a page', true, { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' }],
    ['anything', false, { accept: '*/*' }],
    ['JSON', false, { accept: 'application/json' }],
    ['htmx', true, { 'hx-request': 'true' }],
    ['our script', true, { ...sameOrigin, origin: OURS }],
    ['our script that reads', true, { ...sameOrigin, referer: `${OURS}/docs` }],
    ['our origin alone', false, { origin: OURS }],
    ['our page alone', false, { referer: `${OURS}/docs` }],
    ['a neighbour', false, { 'sec-fetch-site': 'same-site', origin: OURS }],
    ['a stranger', false, { 'sec-fetch-site': 'cross-site', origin: OURS }],
    ['another origin', false, { ...sameOrigin, origin: 'https://evil.example.com', referer: `${OURS}/` }],
    ['no origin', false, { ...sameOrigin, origin: 'null' }],
    ['another port', false, { ...sameOrigin, origin: `${OURS}:8443` }],
    ['a page with our name in it', false, { ...sameOrigin, referer: `https://evil.example.com/${OURS}` }],
    ['a look-alike', false, { ...sameOrigin, referer: `${OURS}.evil.example.com/` }],
    ['no URL', false, { ...sameOrigin, referer: 'docs' }],
    ['our own word only', false, sameOrigin],
  ])('of %s says %s', (_, expected, headers) => {
    expect(isBrowserShaped(headers, OURS)).toBe(expected);
  });
});
