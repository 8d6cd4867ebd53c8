import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const config = { notice_text: 'No secrets.', marker: '[P]' };
const message = (text: string, role = 'user'): JsonObject => ({ role, content: { type: 'text', text } });
const prompt = (
  given: readonly JsonObject[],
  made: readonly JsonObject[] | undefined,
  settings: JsonObject = {},
): Omit<PluginCase, 'title'> => ({
  config: { ...config, ...settings },
  call: { kind: 'prompt', result: { messages: given } },
  expect: made ? { result: { messages: made } } : 'unchanged',
});
const image = { role: 'user', content: { type: 'image', mimeType: 'image/png', data: 'AAAA' } };

export const PRIVACY_NOTICE_INJECTOR_CASES: readonly PluginCase[] = [
  { title: 'at the end', ...prompt([message('hi'), message('ho')], [message('hi\n\n[P] No secrets.'), message('ho')]) },
  { title: 'at the start', ...prompt([message('hi')], [message('[P] No secrets.\n\nhi')], { placement: 'prepend' }) },
  {
    title: 'in a message of its own',
    ...prompt([message('hi')], [message('hi'), message('[P] No secrets.')], { placement: 'separate_message' }),
  },
  {
    title: 'where the user says nothing',
    ...prompt([message('hi', 'assistant')], [message('hi', 'assistant'), message('[P] No secrets.')]),
  },
  { title: 'where the user says nothing in words', ...prompt([image], [image, message('[P] No secrets.')]) },
  { title: 'where it is already', ...prompt([message('[P] No secrets. hi')], undefined) },
  { title: 'where only its marker is', ...prompt([message('[P] hi')], [message('[P] hi\n\n[P] No secrets.')]) },
  { title: 'without a marker', ...prompt([message('hi')], [message('hi\n\nNo secrets.')], { marker: '' }) },
  {
    title: 'no prompt',
    config,
    call: { args: { a: 'hi' }, result: { content: [{ type: 'text', text: 'hi' }] } },
    expect: 'unchanged',
  },
];
