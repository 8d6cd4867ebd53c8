import { describe, expect, it } from 'vitest';
import { pumped } from '../../../../test/fixtures/pumped.js';
import { isArgumentName, PlainTemplate } from './plain-template.js';

const NAMES = new Set(['who', 'tone', 'a', 'b']);
const LIMIT = 1_000_000;

function compiled(text: string, names: ReadonlySet<string> = NAMES): PlainTemplate {
  const template = PlainTemplate.compile(text, names);
  if ('fault' in template) throw new Error(template.fault);
  return template;
}

function faultOf(text: string, names: ReadonlySet<string> = NAMES): string {
  const template = PlainTemplate.compile(text, names);
  if (!('fault' in template)) throw new Error(`it was taken: ${text.slice(0, 80)}`);
  return template.fault;
}

const rendered = (text: string, values: Record<string, string> = {}, limit = LIMIT): string | undefined =>
  compiled(text).render(new Map(Object.entries(values)), limit);

describe(PlainTemplate.name, () => {
  it.each([
    ['Praise {{who}}.', { who: 'tea' }, 'Praise tea.'],
    ['Praise {{ who }}.', { who: 'tea' }, 'Praise tea.'],
    ['Praise {{who}}.', {}, 'Praise .'],
    ['{{#who}}Dear {{who}}{{/who}}{{^who}}Hello{{/who}}', { who: 'Ann' }, 'Dear Ann'],
    ['{{#who}}Dear {{who}}{{/who}}{{^who}}Hello{{/who}}', { who: '' }, 'Hello'],
    ['{{#a}}{{#b}}{{a}}{{b}}{{tone}}{{/b}}{{/a}}', { a: '1', b: '2', tone: '3' }, '123'],
    ['a\n{{#a}}\nb\n{{/a}}\nc', { a: '1' }, 'a\nb\nc'],
    ['{"json": {"a": 1}} <b>&amp;</b> {single} 100% $5', {}, '{"json": {"a": 1}} <b>&amp;</b> {single} 100% $5'],
    ['Grüße, {{who}} 🌍', { who: '世界' }, 'Grüße, 世界 🌍'],
    ['', {}, ''],
  ])('renders %j with %j', (text, values, result) => {
    expect(rendered(text, values)).toBe(result);
  });

  it('escapes nothing and reads arguments as text, whatever they hold', () => {
    const value = `<script>"'&</script> {{a}} {{#b}} {{{who}}} \${7*7} {% x %} {{=<% %>=}} {{> x}} $& $1 \\`;
    expect(rendered('[{{who}}]', { who: value, a: 'SECRET', b: 'SECRET' })).toBe(`[${value}]`);
  });

  it.each([
    // Jinja, Twig
    '{{ 7*7 }}',
    '{{7*"7"}}',
    '{{config}}',
    '{{ config.items() }}',
    '{{ self.__init__.__globals__.__builtins__ }}',
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    '{{ who|attr("x") }}',
    '{{ request.application }}',
    '{{ lipsum.__globals__["os"].popen("id").read() }}',
    '{% for x in y %}{% endfor %}',
    '{%- import os -%}',
    '{{ cycler.__init__ }}',
    // FreeMarker, Velocity, Thymeleaf, JSF, Spring
    '${7*7}',
    '#{7*7}',
    '%{7*7}',
    '*{T(java.lang.Runtime)} ${T(x)}',
    '<#assign x="freemarker.template.utility.Execute"?new()> ${x("id")}',
    // ERB, EJS, JSP, ASP
    '<%= 7*7 %>',
    '<% system("id") %>',
    // Handlebars, Pug, Nunjucks, Vue, Angular
    '{{#with "s" as |string|}}{{/with}}',
    '{{lookup . "constructor"}}',
    '{{constructor.constructor("return process")()}}',
    '{{range.constructor("return 1")()}}',
    '{{who.constructor}}',
    '{{#each who}}{{/each}}',
    '{{this}}',
    '{{.}}',
    '{{#who}}{{.}}{{/who}}',
    '{{@root}}',
    '{{who.length}}',
    '{{a b}}',
    '{{who[0]}}',
    '{{"who"}}',
    '{{\\x5f}}',
    // Mustache beyond what is taken
    '{{{who}}}',
    '{{{{who}}}}',
    '{{&who}}',
    '{{& who}}',
    '{{> partial}}',
    '{{>/etc/passwd}}',
    '{{! comment }}',
    '{{=<% %>=}}',
    '{{=| |=}}|who|',
    '{{=}}',
    '{{}}',
    '{{ }}',
    // names every object has
    '{{__proto__}}',
    '{{constructor}}',
    '{{toString}}',
    '{{hasOwnProperty}}',
    '{{#valueOf}}x{{/valueOf}}',
    // unbalanced
    '{{who',
    '{{',
    'who}} {{',
    '{{#who}}',
    '{{/who}}',
    '{{#a}}{{#b}}{{/a}}{{/b}}',
    '{{^a}}{{/b}}',
    // dunder outside of tags
    'x.__class__.__mro__',
    'obj["__proto__"]',
    `{{${' '.repeat(17)}who}}`,
  ])('refuses %s', (text) => {
    expect(faultOf(text)).not.toBe('');
    expect(faultOf(text, new Set([...NAMES, 'constructor', '__proto__', 'toString', 'config.items']))).not.toBe('');
  });

  it('names the rule', () => {
    expect(faultOf('{{ whom }}')).toBe('names whom, which is none of its arguments');
    expect(faultOf('{{=<% %>=}}')).toContain('<%');
    expect(faultOf('{{=| |=}}')).toBe(
      'has the tag {{=| |=}}; only {{name}}, {{#name}}…{{/name}} and {{^name}}…{{/name}} mean something',
    );
    expect(faultOf('${x}')).toContain('holds ${, which means something in other template languages');
    expect(faultOf('{{#a}}')).toBe('is not balanced: Unclosed section "a" at 6');
  });

  it('knows no names that every object has', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'])
      expect(isArgumentName(name), name).toBe(false);
    for (const name of ['', '1a', 'a b', 'a.b', 'a'.repeat(65), 'ä', 'a{'])
      expect(isArgumentName(name), name).toBe(false);
    for (const name of ['who', '_x', 'a-b', 'A1', 'length', 'prototype']) expect(isArgumentName(name), name).toBe(true);
  });

  it('looks nothing up in the text of a section', () => {
    const template = compiled('{{#who}}{{length}}{{/who}}', new Set(['who', 'length']));
    expect(template.render(new Map([['who', 'abc']]), LIMIT)).toBe('');
  });

  it('bounds how deep sections go', () => {
    const nested = (depth: number) => '{{#a}}'.repeat(depth) + 'x' + '{{/a}}'.repeat(depth);
    expect(rendered(nested(16), { a: '1' })).toBe('x');
    expect(faultOf(nested(17))).toBe('has sections more than 16 deep');
    expect(faultOf('{{#a}}'.repeat(8000))).toContain('16 deep');
  });

  it('knows how much comes out before it makes it, to the byte', () => {
    const text = 'é{{who}}{{#a}}-{{who}}{{/a}}{{^a}}+{{/a}}\n';
    const values = { who: '世界', a: '1' };
    const result = rendered(text, values);
    const bytes = Buffer.byteLength(result ?? '');
    expect(result).toBe('é世界-世界\n');
    expect(rendered(text, values, bytes)).toBe(result);
    expect(rendered(text, values, bytes - 1)).toBeUndefined();
  });

  it('does not make what comes out too large, from the largest templates and arguments', () => {
    const many = compiled('{{a}}'.repeat(10_000));
    // 40 GB, had it been made.
    expect(many.render(new Map([['a', 'x'.repeat(4_000_000)]]), LIMIT)).toBeUndefined();
    expect(many.render(new Map([['a', 'x'.repeat(100)]]), LIMIT)).toHaveLength(1_000_000);
  });

  it('reads templates in linear time', () => {
    expect(faultOf(`{{${pumped(' ')}`)).not.toBe('');
    expect(faultOf(`{{${pumped(' ')}a}}`)).not.toBe('');
    expect(faultOf(pumped('{{'))).not.toBe('');
    expect(rendered(pumped(' '))).toBe(pumped(' '));
    expect(rendered(pumped('{{b}}'), { b: '2' })).toMatch(/^2+$/);
    expect(
      rendered(`${'{{#a}}'.repeat(16)}${'{{b}}'.repeat(9_000)}${'{{/a}}'.repeat(16)}`, { a: '1', b: '2' }),
    ).toHaveLength(9_000);
  });
});
