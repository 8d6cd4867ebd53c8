import { describe, expect, it } from 'vitest';
import { PluginFaultError } from '../../chain/run-hook.js';
import { fromWire, toWire } from './external-payload.js';

const TOOL = { name: 'echo', args: { text: 'a' }, headers: { 'x-a': '1' } };
const CONTENTS = [
  { uri: 'test://a', mimeType: 'text/plain', text: 'a', _meta: { kept: true } },
  { uri: 'test://b', mimeType: 'image/png', blob: 'AA==' },
];
const RESOURCE = { uri: 'test://a', result: { contents: CONTENTS, _meta: { kept: true } } };

describe('payloads of external plugins', () => {
  it.each([
    ['tool_pre_invoke', TOOL, TOOL],
    ['prompt_pre_fetch', { promptId: 'greet', args: {} }, { prompt_id: 'greet', args: {} }],
    [
      'agent_pre_invoke',
      { agentId: 'a', messages: [], systemPrompt: 's', parameters: {}, headers: {} },
      { agent_id: 'a', messages: [], system_prompt: 's', parameters: {}, headers: {} },
    ],
    [
      'http_post_request',
      {
        path: '/',
        method: 'GET',
        clientHost: 'h',
        clientPort: 1,
        headers: {},
        statusCode: 200,
        responseHeaders: { 'x-a': '1' },
      },
      {
        path: '/',
        method: 'GET',
        client_host: 'h',
        client_port: 1,
        headers: {},
        status_code: 200,
        response_headers: { 'x-a': '1' },
      },
    ],
  ] as const)('of %s have the names of the contract, and come back the same', (hook, payload, wire) => {
    const [sent] = toWire(hook, payload);
    expect(sent).toEqual(wire);
    expect(fromWire(hook, payload, 0, structuredClone(sent))).toBe(payload);
  });

  it('of the result of a resource are one for each content', () => {
    const wires = toWire('resource_post_fetch', RESOURCE);
    expect(wires).toEqual([
      {
        uri: 'test://a',
        content: {
          type: 'resource',
          id: 'test://a',
          uri: 'test://a',
          mime_type: 'text/plain',
          text: 'a',
          _meta: { kept: true },
        },
      },
      {
        uri: 'test://a',
        content: { type: 'resource', id: 'test://a', uri: 'test://b', mime_type: 'image/png', blob: 'AA==' },
      },
    ]);
    wires.forEach((wire, index) => {
      expect(fromWire('resource_post_fetch', RESOURCE, index, structuredClone(wire))).toBe(RESOURCE);
    });
  });

  it('of a resource that failed carry the error', () => {
    const error = { code: -32002, message: 'Not found' };
    expect(toWire('resource_post_fetch', { uri: 'test://a', result: {}, error })).toEqual([
      { uri: 'test://a', content: null, error },
    ]);
  });

  it('take what a server changed, and keep the rest as it is', () => {
    const made = fromWire('tool_pre_invoke', TOOL, 0, { name: 'echo', args: { text: 'b' }, headers: null });
    expect(made).toEqual({ ...TOOL, args: { text: 'b' } });
    expect(made.headers).toBe(TOOL.headers);
    const content = { type: 'resource', uri: 'test://b', blob: 'BB==', mime_type: null };
    expect(fromWire('resource_post_fetch', RESOURCE, 1, { uri: 'test://a', content })).toEqual({
      ...RESOURCE,
      result: { ...RESOURCE.result, contents: [CONTENTS[0], { ...CONTENTS[1], blob: 'BB==' }] },
    });
  });

  it.each([
    ['tool_pre_invoke', TOOL, 'text'],
    ['tool_pre_invoke', TOOL, []],
    ['tool_pre_invoke', TOOL, { name: 'other' }],
    ['tool_pre_invoke', TOOL, { colour: 'red' }],
    ['tool_pre_invoke', TOOL, { headers: { 'x-a': 1 } }],
    ['tool_pre_invoke', TOOL, { headers: ['x-a'] }],
    ['prompt_pre_fetch', { promptId: 'greet', args: {} }, { args: { a: 1 } }],
    ['prompt_pre_fetch', { promptId: 'greet', args: {} }, { prompt_id: 'other' }],
    ['tool_post_invoke', { name: 'echo', result: {} }, { result: { content: 'text' } }],
    ['tool_post_invoke', { name: 'echo', result: {} }, { result: { content: [{ text: 'a' }] } }],
    ['tool_post_invoke', { name: 'echo', result: {} }, { result: { isError: 'no' } }],
    ['tool_post_invoke', { name: 'echo', result: {} }, { result: { structuredContent: [] } }],
    ['tool_post_invoke', { name: 'echo', result: {} }, { error: { code: '1', message: 'm' } }],
    ['prompt_post_fetch', { promptId: 'greet', result: {} }, { result: { messages: [{ role: 'system' }] } }],
    ['resource_post_fetch', RESOURCE, { uri: 'test://b' }],
    ['resource_post_fetch', RESOURCE, { content: 'text' }],
    ['resource_post_fetch', RESOURCE, { content: { uri: 'test://z' } }],
    ['resource_post_fetch', RESOURCE, { content: { text: 7 } }],
    ['resource_post_fetch', RESOURCE, { content: { colour: 'red' } }],
  ] as const)('are not taken where the hook does not allow it: %s %j %j', (hook, payload, wire) => {
    expect(() => fromWire(hook, payload, 0, wire)).toThrow(PluginFaultError);
  });

  it('are not sent for more contents than a server is asked about', () => {
    const contents = Array.from({ length: 101 }, () => CONTENTS[0]);
    expect(() => toWire('resource_post_fetch', { uri: 'test://a', result: { contents } })).toThrow(PluginFaultError);
  });
});
