import { format, inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.js';

const TEXT = 'correct horse battery staple';
const secret = new Secret(TEXT);

const SHOWN: readonly (readonly [string, () => unknown])[] = [
  ['toString', () => String(secret)],
  ['a template', () => `<${String(secret)}>`],
  ['concatenation', () => [secret, ''].join('')],
  ['JSON', () => JSON.stringify({ nested: [secret] })],
  ['inspect', () => inspect({ nested: { deeper: { secret } } }, { depth: 9, showHidden: true })],
  ['inspect without custom inspection', () => inspect(secret, { customInspect: false, showHidden: true })],
  ['format', () => ['%s', '%o', '%O', '%j', '%d'].map((directive) => format(directive, secret)).join()],
  ['structuredClone', () => inspect(structuredClone({ secret }), { showHidden: true })],
  ['serialisation', () => inspect(deserialize(serialize(secret)))],
  ['an error', () => inspect(new Error(String(secret), { cause: secret }))],
  ['a copy', () => inspect(Object.assign({}, secret), { showHidden: true })],
  ['its members', () => [...Object.entries(secret), ...Object.getOwnPropertyNames(secret)].join()],
  ['a number', () => String(Number(secret))],
];

describe(Secret.name, () => {
  it.each(SHOWN)('is not shown by %s', (_, show) => {
    expect(show()).not.toContain('horse');
  });

  it('shows that there is something', () => {
    expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual(['*****', '"*****"', '*****']);
  });

  it('says its text when it is asked by name', () => {
    expect(secret.reveal()).toBe(TEXT);
  });
});
