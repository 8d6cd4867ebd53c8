import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { openEnvelope } from './envelope.js';
import type { McpCall } from './mcp-call.js';
import { META_KEYS } from './meta-keys.js';
import { openModern } from './open-modern.js';
import { SERVED } from './revisions.js';

const VERSION = META_KEYS.protocolVersion;
const CAPABILITIES = META_KEYS.clientCapabilities;
const META = { [VERSION]: '2026-07-28', [CAPABILITIES]: { sampling: {} } };

function base64(text: string): string {
  return `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

/** Opens a request whose headers mirror it, but for what `headers` changes (undefined removes one). */
function open(
  method: string,
  params: object = { _meta: META },
  headers: IncomingHttpHeaders = {},
  raw: string[] = [],
): McpCall | EnvelopeRefusal {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  const all = {
    'content-type': 'application/json',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...headers,
  };
  return unwrap(
    openEnvelope({ door: 'mcp', headers: all, rawHeaders: raw, body, limits: { maxDepth: 20, maxBatch: 3 } }),
  );
}

function notify(method: string, params: object | undefined, headers: IncomingHttpHeaders): McpCall | EnvelopeRefusal {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', method, params }));
  const all = { 'content-type': 'application/json', ...headers };
  return unwrap(openEnvelope({ door: 'mcp', headers: all, body, limits: { maxDepth: 20, maxBatch: 3 } }));
}

function unwrap(opened: ReturnType<typeof openEnvelope>): McpCall | EnvelopeRefusal {
  if (opened instanceof EnvelopeRefusal) return opened;
  const [entry] = opened.entries;
  if (entry === undefined) throw new Error('nothing came in');
  return entry;
}

/** `status code`, then the message; a call is its era and target. */
function outcome(opened: McpCall | EnvelopeRefusal): [string, string | undefined] {
  if (opened instanceof EnvelopeRefusal) return [`${opened.httpStatus} ${opened.code}`, opened.message];
  return [`${opened.era} ${opened.kind}`, opened.targetName];
}

const call = (name: unknown, extra: object = {}): object => ({ name, _meta: META, ...extra });

describe(openModern.name, () => {
  it.each([
    'server/discover',
    'tools/list',
    'prompts/list',
    'resources/list',
    'resources/templates/list',
    'completion/complete',
    'subscriptions/listen',
  ])('lets %s in', (method) => {
    expect(outcome(open(method))).toEqual(['modern request', undefined]);
  });

  it.each([
    ['tools/call', 'name'],
    ['prompts/get', 'name'],
    ['resources/read', 'uri'],
    ['tasks/get', 'taskId'],
    ['tasks/update', 'taskId'],
    ['tasks/cancel', 'taskId'],
  ])('compares Mcp-Name of %s with params.%s', (method, member) => {
    const params = { [member]: 'größe', _meta: META };
    expect(outcome(open(method, params, { 'mcp-name': base64('größe') }))).toEqual(['modern request', 'größe']);
    expect(outcome(open(method, params, { 'mcp-name': base64('grösse') }))).toEqual([
      '400 -32020',
      `Mcp-Name must equal params.${member}`,
    ]);
    expect(outcome(open(method, params))).toEqual([
      '400 -32020',
      `Mcp-Name is missing, it must equal params.${member}`,
    ]);
    const [status, text] = outcome(open(method, { _meta: META }));
    expect(status).toBe('200 -32602');
    expect(text).toContain(`params.${member} must be a string`);
  });

  it.each<[string, object, string]>([
    ['no capabilities', { [VERSION]: '2026-07-28' }, `params._meta["${CAPABILITIES}"] must be an object`],
    [
      'capabilities that are a list',
      { ...META, [CAPABILITIES]: [] },
      `params._meta["${CAPABILITIES}"] must be an object`,
    ],
    [
      'capabilities that are null',
      { ...META, [CAPABILITIES]: null },
      `params._meta["${CAPABILITIES}"] must be an object`,
    ],
    ['a version that is a number', { ...META, [VERSION]: 20260728 }, `params._meta["${VERSION}"] must be a string`],
    ['a version that is null', { ...META, [VERSION]: null }, `params._meta["${VERSION}"] must be a string`],
    [
      'client info that is text',
      { ...META, [META_KEYS.clientInfo]: 'x' },
      `params._meta["${META_KEYS.clientInfo}"] must be an object with a name and a version`,
    ],
    [
      'client info without version',
      { ...META, [META_KEYS.clientInfo]: { name: 'x' } },
      `params._meta["${META_KEYS.clientInfo}"] must be an object with a name and a version`,
    ],
    [
      'client info that is null',
      { ...META, [META_KEYS.clientInfo]: null },
      `params._meta["${META_KEYS.clientInfo}"] must be an object with a name and a version`,
    ],
    [
      'an unknown log level',
      { ...META, [META_KEYS.logLevel]: 'loud' },
      `params._meta["${META_KEYS.logLevel}"] must be a log level`,
    ],
    [
      'a log level that is a number',
      { ...META, [META_KEYS.logLevel]: 3 },
      `params._meta["${META_KEYS.logLevel}"] must be a log level`,
    ],
    [
      'a progress token that is an object',
      { ...META, progressToken: {} },
      'params._meta.progressToken must be a string of at most 256 bytes or an integer',
    ],
    [
      'a progress token with a fraction',
      { ...META, progressToken: 0.5 },
      'params._meta.progressToken must be a string of at most 256 bytes or an integer',
    ],
  ])('refuses %s', (_, meta, message) => {
    expect(outcome(open('tools/list', { _meta: meta }))).toEqual(['400 -32602', message]);
  });

  it('reads capabilities, log level and progress token', () => {
    const meta = {
      ...META,
      [META_KEYS.clientInfo]: { name: 'a', version: '1' },
      [META_KEYS.logLevel]: 'notice',
      progressToken: 'p',
    };
    expect(open('tools/list', { _meta: meta })).toMatchObject({
      clientCapabilities: { sampling: {} },
      logLevel: 'notice',
      progressToken: 'p',
      revision: '2026-07-28',
    });
  });

  it.each<[string, IncomingHttpHeaders, string]>([
    [
      'another version',
      { 'mcp-protocol-version': '2025-11-25' },
      `MCP-Protocol-Version must equal params._meta["${VERSION}"]`,
    ],
    [
      'a later version',
      { 'mcp-protocol-version': '2027-01-01' },
      `MCP-Protocol-Version must equal params._meta["${VERSION}"]`,
    ],
    ['no version', { 'mcp-protocol-version': undefined }, 'MCP-Protocol-Version is missing'],
    ['no method', { 'mcp-method': undefined }, 'Mcp-Method is missing'],
    [
      'neither version nor method',
      { 'mcp-protocol-version': undefined, 'mcp-method': undefined },
      'MCP-Protocol-Version is missing',
    ],
    ['another method', { 'mcp-method': 'tools/list' }, 'Mcp-Method must equal method'],
    ['the method in another case', { 'mcp-method': 'Tools/Call' }, 'Mcp-Method must equal method'],
    ['an encoded method', { 'mcp-method': base64('tools/call') }, 'Mcp-Method must equal method'],
    ['no name', { 'mcp-name': undefined }, 'Mcp-Name is missing, it must equal params.name'],
    ['another name', { 'mcp-name': 'rm' }, 'Mcp-Name must equal params.name'],
    ['the name in another case', { 'mcp-name': 'ECHO' }, 'Mcp-Name must equal params.name'],
    ['bad base64', { 'mcp-name': '=?base64?ZWNobw?=' }, 'Mcp-Name is not encoded as the protocol asks'],
    ['raw bytes', { 'mcp-name': 'ech\u00f6' }, 'Mcp-Name is not encoded as the protocol asks'],
    ['an empty name', { 'mcp-name': '' }, 'Mcp-Name must equal params.name'],
  ])('refuses a call with %s in its headers', (_, headers, message) => {
    expect(outcome(open('tools/call', call('echo'), { 'mcp-name': 'echo', ...headers }))).toEqual([
      '400 -32020',
      message,
    ]);
  });

  it('trims white space and takes any session header', () => {
    const headers = {
      'mcp-name': ' echo\t',
      'mcp-method': ' tools/call ',
      'mcp-protocol-version': '\t2026-07-28 ',
      'mcp-session-id': 'x',
    };
    expect(outcome(open('tools/call', call('echo'), headers))).toEqual(['modern request', 'echo']);
  });

  it('ignores Mcp-Name where a method has no target', () => {
    expect(outcome(open('tools/list', { _meta: META }, { 'mcp-name': 'x' }))).toEqual(['modern request', undefined]);
  });

  it('refuses repeated headers, and only those', () => {
    const joined = { 'mcp-name': 'a, b' };
    expect(outcome(open('tools/call', call('a, b'), joined, ['MCP-Name', 'a, b']))[0]).toBe('modern request');
    expect(outcome(open('tools/call', call('a, b'), joined, ['Mcp-Name', 'a', 'X', 'y', 'MCP-NAME', 'b']))).toEqual([
      '400 -32020',
      'mcp-name came more than once',
    ]);
    const twice = { 'mcp-name': 'a', 'mcp-method': 'tools/call, tools/call' };
    expect(outcome(open('tools/call', call('a'), twice))[0]).toBe('400 -32020');
  });

  it.each([
    ['2027-01-01', '2027-01-01'],
    ['2025-11-25', '2025-11-25'],
    ['', ''],
    ['x'.repeat(1000), 'x'.repeat(64)],
  ])('names the served versions when asked for %j', (version, requested) => {
    const meta = { ...META, [VERSION]: version };
    // Wins over the missing Mcp-Method.
    const opened = open('tools/list', { _meta: meta }, { 'mcp-protocol-version': version, 'mcp-method': undefined });
    expect(opened).toMatchObject({ httpStatus: 400, code: -32022, id: 1, data: { supported: SERVED, requested } });
    const unmirrored = open('tools/list', { _meta: meta }, { 'mcp-protocol-version': undefined });
    expect(outcome(unmirrored)[0]).toBe('400 -32022');
  });

  it.each([
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'resources/unsubscribe',
    'tasks/result',
    'tasks/list',
    'tools/destroy',
    'constructor',
    'notifications/cancelled',
    'echo',
  ])('does not know the request %s', (method) => {
    expect(outcome(open(method, { _meta: META, uri: 'a:b', taskId: 't', name: 'n' }))).toEqual([
      '404 -32601',
      `Method not found: ${method}`,
    ]);
  });

  it.each([5, null, {}, ['a']])('refuses the tool name %j', (name) => {
    expect(outcome(open('tools/call', call(name)))).toEqual([
      '200 -32602',
      'Missing tool name in parameters: params.name must be a string',
    ]);
    expect(outcome(open('tools/call', call(name), { 'mcp-name': '5' }))[0]).toBe('400 -32020');
  });

  it.each<[string, object | undefined, IncomingHttpHeaders, string]>([
    ['by its body', { _meta: META }, {}, 'modern notification'],
    ['by its header', undefined, { 'mcp-protocol-version': '2026-07-28' }, 'modern notification'],
    ['with a true method header', { _meta: META }, { 'mcp-method': 'notifications/cancelled' }, 'modern notification'],
    ['with a false method header', { _meta: META }, { 'mcp-method': 'notifications/other' }, '400 -32020'],
    ['with another version header', { _meta: META }, { 'mcp-protocol-version': '2025-11-25' }, '400 -32020'],
    ['of a later version', undefined, { 'mcp-protocol-version': '2030-01-01' }, '400 -32022'],
    ['that claims a legacy version', { _meta: { [VERSION]: '2025-06-18' } }, {}, '400 -32022'],
    ['that claims a number', { _meta: { [VERSION]: 1 } }, {}, '400 -32602'],
    ['that claims null', { _meta: { [VERSION]: null } }, { 'mcp-protocol-version': '2026-07-28' }, '400 -32602'],
  ])('judges a notification %s', (_, params, headers, expected) => {
    expect(outcome(notify('notifications/cancelled', params, headers))[0]).toBe(expected);
  });
});
