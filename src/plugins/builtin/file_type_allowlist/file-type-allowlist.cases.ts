import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const config = {
  allowed_mime_types: ['text/plain', 'text/markdown', 'application/json', 'image/*', 'application/zip'],
  allowed_extensions: ['.md', 'txt', '.png'],
};
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64');
const EXE = Buffer.from('4d5a90000300000004000000ffff0000', 'hex').toString('base64');
const contents = (block: JsonObject): JsonObject => ({ contents: [{ uri: 'test://host/a.txt', ...block }] });
const resource = (block: JsonObject, passes: boolean): Omit<PluginCase, 'title'> => ({
  config,
  call: { kind: 'resource', result: contents(block) },
  expect: passes ? 'unchanged' : { blocked: 'FILETYPE_BLOCK' },
});
const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const FILE_TYPE_ALLOWLIST_CASES: readonly PluginCase[] = [
  { title: 'an allowed type', ...resource({ mimeType: 'text/plain', text: 'a' }, true) },
  {
    title: 'with a parameter, in another case',
    ...resource({ mimeType: 'Text/Plain; charset=utf-8', text: 'a' }, true),
  },
  { title: 'another type', ...resource({ mimeType: 'text/html', text: '<p>' }, false) },
  { title: 'text that says nothing', ...resource({ text: 'a' }, true) },
  { title: 'an image, by a pattern', ...resource({ uri: 'test://a.png', mimeType: 'image/png', blob: PNG }, true) },
  { title: 'a program that is called an image', ...resource({ mimeType: 'image/png', blob: EXE }, false) },
  { title: 'a program that is called a text', ...resource({ mimeType: 'text/plain', blob: EXE }, false) },
  { title: 'a program that says nothing', ...resource({ blob: EXE }, false) },
  { title: 'bytes that say nothing', ...resource({ blob: base64('\0\u0001\u0002abc') }, false) },
  {
    title: 'a page that is called an image',
    ...resource({ mimeType: 'image/png', blob: base64('<html><script>') }, false),
  },
  {
    title: 'text in a blob that begins like a program',
    ...resource({ mimeType: 'text/plain', blob: base64('MZ is a beginning, BM too') }, true),
  },
  { title: 'a JPEG that is called a PNG', ...resource({ mimeType: 'image/png', blob: '/9j/4AAQSkZJRg==' }, true) },
  { title: 'another ending', ...resource({ uri: 'test://host/a.exe', mimeType: 'text/plain', text: 'a' }, false) },
  {
    title: 'an ending behind an encoded dot',
    ...resource({ uri: 'test://host/a%2Eexe?x=.txt', mimeType: 'text/plain', text: 'a' }, false),
  },
  {
    title: 'an ending before a dot too many',
    ...resource({ uri: 'test://host/a.exe.', mimeType: 'text/plain', text: 'a' }, false),
  },
  { title: 'no ending', ...resource({ uri: 'test://host.com/a', mimeType: 'text/plain', text: 'a' }, true) },
  {
    title: 'nothing that is allowed or not',
    config: {},
    call: { kind: 'resource', result: contents({ mimeType: 'x/y', blob: EXE }) },
    expect: 'unchanged',
  },
  {
    title: 'what a tool says',
    config,
    call: { result: { content: [{ type: 'text', text: '<p>' }] } },
    expect: 'unchanged',
  },
  {
    title: 'an image of a tool that is none',
    config,
    call: { result: { content: [{ type: 'image', mimeType: 'image/png', data: EXE }] } },
    expect: { blocked: 'FILETYPE_BLOCK' },
  },
  {
    title: 'an embedded resource',
    config,
    call: { result: { content: [{ type: 'resource', resource: { uri: 'test://a.sh', text: 'a' } }] } },
    expect: { blocked: 'FILETYPE_BLOCK' },
  },
  {
    title: 'a link to a program',
    config,
    call: { result: { content: [{ type: 'resource_link', name: 'a', uri: 'https://example.com/a.exe' }] } },
    expect: { blocked: 'FILETYPE_BLOCK' },
  },
  {
    title: 'a link that says no type',
    config,
    call: { result: { content: [{ type: 'resource_link', name: 'a', uri: 'https://example.com/a' }] } },
    expect: 'unchanged',
  },
];
