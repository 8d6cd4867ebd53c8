import { describe, expect, it } from 'vitest';
import { compileUriTemplate, type UriTemplate } from './uri-template.js';

function compiled(template: string): UriTemplate {
  const result = compileUriTemplate(template);
  if ('fault' in result) throw new Error(`${template} ${result.fault}`);
  return result;
}

describe(compileUriTemplate, () => {
  it.each([
    ['test://static', 'test://static'],
    ['test://template/{id}/data', 'test://template/123/data'],
    ['user://{email}', 'user://bob@example.org'],
    ['user://{name}', 'user://J%C3%B6rg'],
    ['user://{name}', 'user://Jörg'],
    ['map://{x,y}', 'map://1024,768'],
    ['map://{x}{y}', 'map://12'],
    ['file:///{+path}', 'file:///a/b/c.txt'],
    ['f:{+path}/b', 'f:x/b/b'],
    ['doc://x{#section}', 'doc://x#intro/one'],
    ['doc://x{#section}', 'doc://x'],
    ['repo://a{/path}', 'repo://a/b'],
    ['repo://a{/owner,name}', 'repo://a/b/c'],
    ['repo://a{/owner,name}', 'repo://a/b'],
    ['repo://a{/owner,name}', 'repo://a'],
    ['repo://a{/path*}', 'repo://a/b/c/d'],
    ['file://{path*}', 'file://b/c/d'],
    ['x://host{.tld}', 'x://host.org'],
    ['x://p{;a,b}', 'x://p;a=1;b'],
    ['x://search{?q,lang}', 'x://search?q=cat&lang=en'],
    ['x://search{?q,lang}', 'x://search?lang=en&q=a/b?c'],
    ['x://search{?q,lang}', 'x://search?q='],
    ['x://search{?q}', 'x://search'],
    ['x://search{?any*}', 'x://search?one=1&two=2'],
    ['x://search?fixed=1{&x}', 'x://search?fixed=1&x=2'],
    ['x://{var:3}', 'x://abc'],
    ['x://{a}b{?q}{#f}', 'x://abb?q=1#f'],
  ])('%s matches %s', (template, uri) => {
    expect(compiled(template).matches(uri)).toBe(true);
  });

  it.each([
    ['test://static', 'test://static/'],
    ['test://static', 'TEST://static'],
    ['test://template/{id}/data', 'test://template//data'],
    ['test://template/{id}/data', 'test://template/1/2/data'],
    ['test://template/{id}/data', 'test://template/1/datax'],
    ['user://{name}', 'user://a?b'],
    ['file:///{+path}', 'file:///'],
    ['repo://a{/owner,name}', 'repo://a/b/c/d'],
    ['repo://a{/owner}', 'repo://ab'],
    ['x://search{?q}', 'x://search?other=1'],
    ['x://search{?q}', 'x://search?q=1&q=2'],
    ['x://search{?q}', 'x://search?qq=1'],
    ['x://search{?q}', 'x://search?'],
    ['x://search?fixed=1{&x}', 'x://search?fixed=1?x=2'],
    ['doc://x{#section}', 'doc://x#'],
  ])('%s does not match %s', (template, uri) => {
    expect(compiled(template).matches(uri)).toBe(false);
  });

  it('lists its variables', () => {
    expect(compiled('x://{a}/{+b}{?c,d*}{&e:5}').variables).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each([
    'x://{a',
    'x://a}',
    'x://{{a}}',
    'x://{}',
    'x://{a,}',
    'x://{=a}',
    'x://{!a}',
    'x://{a b}',
    'x://{a:0}',
    'x://a b',
    'x://a\nb',
    'x://{?constructor.prototype[a]}',
    `x://${'a'.repeat(2048)}`,
    `x://{${'a'.repeat(200)}}`,
    `x://${Array.from({ length: 11 }, (_, index) => `{v${index}}`).join('')}`,
  ])('refuses %s', (template) => {
    expect(compileUriTemplate(template)).toEqual({ fault: expect.any(String) });
  });

  it('does not match a URI above 2,048 characters', () => {
    expect(compiled('{+a}').matches('x'.repeat(2048))).toBe(true);
    expect(compiled('{+a}').matches('x'.repeat(2049))).toBe(false);
  });

  it.each([
    ['runs of one letter', '{+a}a{+b}a{+c}a{+d}a{+e}a{+f}a{+g}a{+h}a{+i}a{+j}b', 'a'.repeat(2048)],
    ['neighbours', '{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}!', 'a'.repeat(2048)],
    ['a long literal', `{+a}${'a'.repeat(1000)}b{+c}${'a'.repeat(1000)}b`, 'a'.repeat(2048)],
    ['optional segments', '{/a,b,c,d,e}{/f,g,h,i,j}x', '/a'.repeat(1024)],
    ['query pairs', '{?a,aa,aaa,aaaa,b,bb,bbb,c,cc,ccc}!', `?${'a=a&'.repeat(511)}`],
  ])('does not try one way after another on %s', (_name, template, uri) => {
    const compiledTemplate = compiled(template);
    for (let count = 0; count < 20; count++) expect(compiledTemplate.matches(uri)).toBe(false);
  });
});
