import { describe, expect, it } from 'vitest';
import { isStrictJws } from './strict-jws.js';

const HEADER = '{"alg":"HS256","typ":"JWT"}';
const PAYLOAD = '{"sub":"ann@example.com"}';
const part = (text: string | Buffer): string => Buffer.from(text).toString('base64url');
const jws = (header: string | Buffer = HEADER, payload: string | Buffer = PAYLOAD): string =>
  `${part(header)}.${part(payload)}.${part('signature')}`;

describe(isStrictJws.name, () => {
  it.each([
    HEADER,
    '{"alg":"HS256"}',
    '{"typ":"at+jwt","alg":"HS256"}',
    '{"alg":"HS256","typ":"JOSE"}',
    '{ "typ": "jwt", "alg": "HS256", "kid": "2026-07" }',
  ])('takes the header %s', (header) => {
    expect(isStrictJws(jws(header))).toBe(true);
  });

  it.each([
    ['a critical extension', '{"alg":"HS256","crit":["exp"]}'],
    ['an empty list of critical extensions', '{"alg":"HS256","crit":[]}'],
    ['an unencoded payload', '{"alg":"HS256","b64":false}'],
    ['compression', '{"alg":"HS256","zip":"DEF"}'],
    ['encryption', '{"alg":"dir","enc":"A256GCM"}'],
    ['a nested token', '{"alg":"HS256","cty":"JWT"}'],
    ['a key URL', '{"alg":"HS256","jku":"https://evil.example.net/keys"}'],
    ['a certificate URL', '{"alg":"HS256","x5u":"https://evil.example.net/cert"}'],
    ['a key', '{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}'],
    ['a long key id', `{"alg":"HS256","kid":"${'x'.repeat(65)}"}`],
    ['a key id with blanks', `{"alg":"HS256","kid":"1' OR '1'='1"}`],
    ['a key id that is no text', '{"alg":"HS256","kid":1}'],
    ['another type', '{"alg":"HS256","typ":"refresh+jwt"}'],
    ['a type that is no text', '{"alg":"HS256","typ":null}'],
    ['alg twice', '{"alg":"none","alg":"HS256"}'],
    ['alg twice behind an escape', '{"alg":"HS256","\\u0061lg":"none"}'],
    ['a prototype', '{"alg":"HS256","__proto__":{"typ":"JWT"}}'],
    ['no object', '["HS256"]'],
    ['nothing', 'null'],
    ['no JSON', '{alg:HS256}'],
    ['a byte order mark', `\uFEFF${HEADER}`],
    ['no UTF-8', Buffer.from('{"alg":"HS256","kid":"\xff"}', 'latin1')],
  ])('refuses a header with %s', (_, header) => {
    expect(isStrictJws(jws(header))).toBe(false);
  });

  it.each([
    ['sub twice', '{"sub":"ann@example.com","sub":"bob@example.com"}'],
    ['a member twice deep inside', '{"scopes":{"permissions":[],"permissions":["*"]}}'],
    ['no object', '"ann@example.com"'],
    ['a token', jws()],
    ['17 levels', `{"a":${'['.repeat(16)}${']'.repeat(16)}}`],
    ['no UTF-8', Buffer.from('{"sub":"\xff"}', 'latin1')],
  ])('refuses a payload with %s', (_, payload) => {
    expect(isStrictJws(jws(HEADER, payload))).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['two parts', `${part(HEADER)}.${part(PAYLOAD)}`],
    ['no signature', `${part(HEADER)}.${part(PAYLOAD)}.`],
    ['the five parts of a JWE', `${jws()}.${part('x')}.${part('y')}`],
    ['JSON serialisation', JSON.stringify({ payload: part(PAYLOAD), protected: part(HEADER), signature: 'AA' })],
    ['padding', `${Buffer.from(HEADER).toString('base64')}=.${part(PAYLOAD)}.AA`],
    ['the plain alphabet', `${part(HEADER)}.${part(PAYLOAD)}.ab+/`],
    ['a blank before', ` ${jws()}`],
    ['a line end after', `${jws()}\n`],
    ['a blank inside', jws().replace('.', '. ')],
    ['stray bits at the end of the signature', `${part(HEADER)}.${part(PAYLOAD)}.AB`],
    ['stray bits at the end of the payload', jws(HEADER, '{"a":"bc"}').replace(/Q\./, 'R.')],
    ['a part of one character', `${part(HEADER)}.${part(PAYLOAD)}.A`],
    ['10,000 dots', '.'.repeat(10_000)],
    ['10,000 parts', 'AA.'.repeat(10_000)],
  ])('refuses %s', (_, token) => {
    expect(isStrictJws(token)).toBe(false);
  });

  it('takes 16,384 characters and not one more', () => {
    const [header, payload] = jws().split('.', 2);
    const room = 16_384 - `${header}.${payload}.`.length;
    const signature = 'A'.repeat(room - (room % 4));
    expect(isStrictJws(`${header}.${payload}.${signature}`)).toBe(true);
    expect(isStrictJws(`${header}.${payload}.${signature}AAAA`)).toBe(false);
  });

  it('refuses a very long text in linear time', () => {
    for (const token of [jws().repeat(100_000), '.'.repeat(10_000_000), `${'A'.repeat(10_000_000)}.A.A`]) {
      expect(isStrictJws(token)).toBe(false);
    }
  });
});
