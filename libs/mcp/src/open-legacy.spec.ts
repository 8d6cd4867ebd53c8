import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { openEnvelope } from './envelope.js';
import { eraOf } from './era.js';
import type { McpCall } from './mcp-call.js';
import { META_KEYS } from './meta-keys.js';
import { openLegacy } from './open-legacy.js';

function open(message: object, headers: IncomingHttpHeaders = {}): McpCall | EnvelopeRefusal {
  const opened = openEnvelope({
    door: 'mcp',
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message })),
    limits: { maxDepth: 20, maxBatch: 3 },
  });
  if (opened instanceof EnvelopeRefusal) return opened;
  const [entry] = opened.entries;
  if (entry === undefined) throw new Error('nothing came in');
  return entry;
}

function outcome(opened: McpCall | EnvelopeRefusal): string {
  if (opened instanceof EnvelopeRefusal) return `${opened.httpStatus} ${opened.code} ${opened.message}`;
  return `${opened.era} ${opened.revision} ${opened.kind} ${opened.method}`;
}

const initialize = (protocolVersion: unknown): object => ({
  id: 1,
  method: 'initialize',
  params: { protocolVersion, capabilities: {}, clientInfo: { name: 'a', version: '1' } },
});
const SESSION = { 'mcp-session-id': 's' };

describe(openLegacy.name, () => {
  it.each([
    ['2025-03-26', '2025-03-26'],
    ['2025-06-18', '2025-06-18'],
    ['2025-11-25', '2025-11-25'],
    ['2024-11-05', '2025-11-25'],
    ['2026-07-28', '2025-11-25'],
    ['1.0', '2025-11-25'],
    ['', '2025-11-25'],
  ])('negotiates %j to %s', (asked, revision) => {
    expect(outcome(open(initialize(asked)))).toBe(`legacy ${revision} request initialize`);
  });

  it.each([undefined, null, 5, {}])('refuses to initialize with the version %j', (asked) => {
    expect(outcome(open(initialize(asked)))).toBe('200 -32602 params.protocolVersion must be a string');
  });

  it.each([
    [{ 'mcp-protocol-version': '2025-11-25', 'mcp-method': 'initialize' }],
    [{ 'mcp-protocol-version': '2025-06-18' }],
    [{ 'mcp-protocol-version': '1999-01-01' }],
    [{ 'mcp-method': 'tools/call', 'mcp-name': 'x' }],
    [SESSION],
  ])('initializes whatever else the headers say: %j', (headers) => {
    expect(outcome(open(initialize('2025-11-25'), headers))).toBe('legacy 2025-11-25 request initialize');
  });

  it.each(['2025-03-26', '2025-06-18', '2025-11-25', ' 2025-11-25 '])(
    'takes the revision of the header %j',
    (version) => {
      const call = open({ id: 1, method: 'tools/list' }, { 'mcp-protocol-version': version });
      expect(outcome(call)).toBe(`legacy ${version.trim()} request tools/list`);
    },
  );

  it('assumes 2025-03-26 without a header', () => {
    expect(outcome(open({ id: 1, method: 'tools/list' }))).toBe('legacy 2025-03-26 request tools/list');
  });

  it.each(['2024-11-05', '2025-01-01', 'x', '', '2025-11-25, 2025-11-25', '2026-07-28, 2026-07-28'])(
    'refuses the version header %j',
    (version) => {
      const text = `400 -32600 Unsupported protocol version: ${version}. Supported versions: 2026-07-28, 2025-11-25, 2025-06-18, 2025-03-26`;
      expect(outcome(open({ id: 1, method: 'tools/list' }, { 'mcp-protocol-version': version }))).toBe(text);
      expect(outcome(open({ method: 'notifications/initialized' }, { 'mcp-protocol-version': version }))).toBe(text);
      expect(outcome(open({ id: 1, result: {} }, { ...SESSION, 'mcp-protocol-version': version }))).toBe(text);
    },
  );

  it.each([
    'ping',
    'tools/list',
    'prompts/list',
    'resources/list',
    'resources/templates/list',
    'completion/complete',
    'logging/setLevel',
    'tasks/list',
  ])('lets %s in', (method) => {
    expect(outcome(open({ id: 'a', method }))).toBe(`legacy 2025-03-26 request ${method}`);
  });

  it.each([
    ['tools/call', 'name', 'tool name'],
    ['prompts/get', 'name', 'prompt name'],
    ['resources/read', 'uri', 'resource URI'],
    ['resources/subscribe', 'uri', 'resource URI'],
    ['resources/unsubscribe', 'uri', 'resource URI'],
    ['tasks/get', 'taskId', 'taskId'],
    ['tasks/cancel', 'taskId', 'taskId'],
    ['tasks/result', 'taskId', 'taskId'],
  ])('reads the target of %s from params.%s', (method, member, label) => {
    expect(open({ id: 1, method, params: { [member]: 'x y' } })).toMatchObject({ targetName: 'x y', era: 'legacy' });
    const missing = `200 -32602 Missing ${label} in parameters: params.${member} must be a string`;
    expect(outcome(open({ id: 1, method }))).toBe(missing);
    expect(outcome(open({ id: 1, method, params: { [member]: 5 } }))).toBe(missing);
  });

  it.each([
    'server/discover',
    'subscriptions/listen',
    'tasks/update',
    'tools/destroy',
    'notifications/cancelled',
    'list_tools',
    'list_gateways',
    'toString',
  ])('does not know the request %s', (method) => {
    expect(outcome(open({ id: 1, method, params: { taskId: 't' } }))).toBe(`200 -32601 Method not found: ${method}`);
  });

  it.each(['sampling/createMessage', 'elicitation/create', 'roots/list', 'list_roots'])(
    'says whose %s is',
    (method) => {
      expect(outcome(open({ id: 1, method }))).toMatch(/^200 -32601 Method not found: \S+; .*clients/);
    },
  );

  it('compares no headers but the version', () => {
    const headers = { 'mcp-method': 'tools/list', 'mcp-name': 'other' };
    expect(open({ id: 1, method: 'tools/call', params: { name: 'x' } }, headers)).toMatchObject({ targetName: 'x' });
  });

  it('reads the progress token', () => {
    expect(open({ id: 1, method: 'tools/list', params: { _meta: { progressToken: 'p' } } })).toMatchObject({
      progressToken: 'p',
      clientCapabilities: undefined,
      logLevel: undefined,
    });
    expect(outcome(open({ id: 1, method: 'tools/list', params: { _meta: { progressToken: [] } } }))).toBe(
      '200 -32602 params._meta.progressToken must be a string of at most 256 bytes or an integer',
    );
    expect(outcome(open({ id: 1, method: 'tools/list', params: { _meta: 'x' } }))).toBe(
      '400 -32600 params._meta must be an object',
    );
  });

  it('takes nothing modern from a legacy request', () => {
    const meta = { [META_KEYS.clientCapabilities]: { sampling: {} }, [META_KEYS.logLevel]: 'debug' };
    expect(open({ id: 1, method: 'tools/list', params: { _meta: meta } })).toMatchObject({
      era: 'legacy',
      clientCapabilities: undefined,
      logLevel: undefined,
    });
  });

  it.each(['notifications/initialized', 'notifications/cancelled', 'notifications/whatever', '$/x'])(
    'lets the notification %s in',
    (method) => {
      expect(outcome(open({ method }))).toBe(`legacy 2025-03-26 notification ${method}`);
    },
  );

  it.each(['tools/call', 'tools/list', 'server/discover', 'initialize'])('refuses %s without an id', (method) => {
    expect(outcome(open({ method }))).toBe(`400 -32600 ${method} must have an id`);
  });

  it.each<[object, string]>([
    [{ id: 1, result: {} }, 'legacy 2025-03-26 response '],
    [{ id: 'a:1', result: { action: 'accept' } }, 'legacy 2025-03-26 response '],
    [{ id: 1, error: { code: -1, message: 'no' } }, 'legacy 2025-03-26 response '],
    [{ id: null, error: { code: -1, message: 'no' } }, 'legacy 2025-03-26 response '],
    [{ error: { code: -1, message: 'no', data: 1 } }, 'legacy 2025-03-26 response '],
    [{ id: null, result: {} }, '400 -32600 id must be a string of at most 256 bytes or an integer'],
    [{ result: {} }, '400 -32600 id must be a string of at most 256 bytes or an integer'],
    [
      { id: 1.5, error: { code: -1, message: 'no' } },
      '400 -32600 id must be a string of at most 256 bytes or an integer',
    ],
    [{ id: 1, result: [] }, '400 -32600 result must be an object'],
    [{ id: 1, result: null }, '400 -32600 result must be an object'],
    [{ id: 1, error: 'no' }, '400 -32600 error must be an object with an integer code and a message'],
    [
      { id: 1, error: { code: '1', message: 'no' } },
      '400 -32600 error must be an object with an integer code and a message',
    ],
    [{ id: 1, error: { code: 1 } }, '400 -32600 error must be an object with an integer code and a message'],
    [{ id: 1, result: {}, error: { code: 1, message: '' } }, '400 -32600 a response has either a result or an error'],
  ])('reads the response %j in a session', (message, expected) => {
    expect(outcome(open(message, SESSION))).toBe(expected);
  });

  it('refuses a response without a session', () => {
    expect(outcome(open({ id: 1, result: {} }))).toBe('400 -32600 a response needs a session');
  });
});

describe(eraOf.name, () => {
  it.each<[object, IncomingHttpHeaders, string]>([
    [initialize('2025-11-25'), { 'mcp-protocol-version': '2026-07-28' }, '400 -32020'],
    [initialize('2025-11-25'), { 'mcp-protocol-version': '2030-01-01' }, '400 -32020'],
    [
      { id: 1, method: 'tools/list' },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' },
      '400 -32602',
    ],
    [{ id: 1, method: 'tools/list', params: { _meta: {} } }, { 'mcp-protocol-version': '2026-07-28' }, '400 -32602'],
    [{ id: 1, method: 'tools/list', params: { _meta: 'x' } }, { 'mcp-protocol-version': '2026-07-28' }, '400 -32600'],
    [{ id: 1, method: 'nope' }, { 'mcp-protocol-version': '2030-01-01' }, '400 -32602'],
    [{ id: 1, result: {} }, { ...SESSION, 'mcp-protocol-version': '2026-07-28' }, '400 -32600'],
    [{ id: 1, method: 'ping' }, { 'mcp-method': 'ping' }, 'legacy'],
    [{ id: 1, method: 'ping', params: { [META_KEYS.protocolVersion]: '2026-07-28' } }, {}, 'legacy'],
  ])('judges %j with %j: %s', (message, headers, expected) => {
    expect(outcome(open(message, headers)).startsWith(expected)).toBe(true);
  });

  it('names the missing key', () => {
    expect(outcome(open({ id: 1, method: 'tools/list' }, { 'mcp-protocol-version': '2026-07-28' }))).toContain(
      `params._meta["${META_KEYS.protocolVersion}"]`,
    );
  });
});
