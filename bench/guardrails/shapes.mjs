import { gzipSync } from 'node:zlib';

/** How a text comes to the gate: each makes the value that the guardrails see. */
export const SHAPES = {
  argument: (text) => ({ input: text }),
  'nested 5 deep': (text) => ({ a: { b: [{ c: { d: { input: text } } }] } }),
  key: (text) => ({ [text]: true }),
  structuredContent: (text) => ({
    content: [{ type: 'text', text: 'See the structured content.' }],
    structuredContent: { result: { value: text } },
  }),
  'embedded resource': (text) => ({
    content: [{ type: 'resource', resource: { uri: 'file:///sample.txt', mimeType: 'text/plain', text } }],
  }),
  base64: (text) => ({ content: [{ type: 'text', text: Buffer.from(text).toString('base64') }] }),
  'JSON in string': (text) => ({ content: [{ type: 'text', text: JSON.stringify({ id: 7, value: text }) }] }),
};

const bytes = (text) => [...Buffer.from(text)];
const each = (text, encode) => Array.from(text, encode).join('');

/** How a text hides in an argument. */
export const ENCODINGS = {
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 twice': (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64'),
  'gzip, base64': (text) => gzipSync(text).toString('base64'),
  hex: (text) => Buffer.from(text).toString('hex'),
  URL: (text) => encodeURIComponent(text),
  'URL, every byte': (text) => each(bytes(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`),
  'URL twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  HTML: (text) => each(text, (letter) => `&#${letter.codePointAt(0)};`),
  '\\uXXXX': (text) => each(text.split(''), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'zero-width': (text) => Array.from(text).join('\u200b'),
  'full-width': (text) => text.replaceAll(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
  'JSON 5 deep': (text) => Array.from({ length: 5 }).reduce((inner) => JSON.stringify({ body: inner }), text),
  'two items': (text) => [text.slice(0, text.length / 2), text.slice(text.length / 2)],
};
