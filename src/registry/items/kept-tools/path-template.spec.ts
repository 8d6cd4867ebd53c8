import { describe, expect, it } from 'vitest';
import { PathTemplate } from './path-template.js';

const filled = (path: string, values: Readonly<Record<string, string>>) => {
  const template = PathTemplate.parse(path);
  return 'fault' in template ? template : template.expand(new Map(Object.entries(values)));
};

describe('the path of a tool', () => {
  it.each([
    ['', {}, '/'],
    ['/', {}, '/'],
    ['/users/{id}', { id: '42' }, '/users/42'],
    ['/users/{id}/', { id: '42' }, '/users/42/'],
    ['/files/{name}.json', { name: 'a b' }, '/files/a%20b.json'],
    ['/{a}-{b}', { a: '1', b: '2' }, '/1-2'],
    ['/projects/{id}', { id: 'group/project' }, '/projects/group%2Fproject'],
    ['/q/{x}', { x: '?admin=1#top' }, '/q/%3Fadmin%3D1%23top'],
    ['/q/{x}', { x: '50%' }, '/q/50%25'],
    ['/q/{x}', { x: 'ü…' }, '/q/%C3%BC%E2%80%A6'],
    ['/v1.2/{x}', { x: 'a..b' }, '/v1.2/a..b'],
  ])('%s with %j is %s', (path, values, expected) => {
    expect(filled(path, values)).toBe(expected);
  });

  it.each([
    '..',
    '.',
    '../admin',
    'a/../../admin',
    '..\\admin',
    '..;/admin',
    '%2e%2e%2fadmin',
    '%252e%252e%252fadmin',
    '%25252525252525252e',
    '..%2f..%2fadmin',
    'a\r\nHost: evil',
    'a\u0000',
    '\uD800',
    '',
  ])('does not let %j out of its segment', (value) => {
    expect(filled('/users/{id}', { id: value })).toMatchObject({ fault: expect.stringContaining('id must not') });
  });

  it('makes no dot segment of two harmless parts', () => {
    expect(filled('/a/{x}{y}/b', { x: '.x', y: '.y' })).toBe('/a/.x.y/b');
    expect(filled('/a/.{x}/b', { x: '.' })).toHaveProperty('fault');
    expect(filled('/a/{x}{y}/b', { x: '.', y: '.' })).toHaveProperty('fault');
  });

  it.each([
    ['users', 'begin with /'],
    ['/../admin', '. or ..'],
    ['/./admin', '. or ..'],
    ['/%2e%2e/admin', 'encoded slashes'],
    ['/a%2fb', 'encoded slashes'],
    ['/a//b', 'empty segment'],
    ['//evil.example.com/a', 'empty segment'],
    ['/a b', 'percent-encoded'],
    ['/a?b', 'percent-encoded'],
    ['/{}', 'names no argument'],
    ['/{a b}', 'names no argument'],
    ['/{a', 'percent-encoded'],
    ['/{a{b}}', 'percent-encoded'],
  ])('can not be %s', (path, fault) => {
    expect(PathTemplate.parse(path)).toEqual({ fault: expect.stringContaining(fault) });
  });
});
