import { describe, expect, it } from 'vitest';
import { legacyHeaders, legacyStreamHeaders, modernHeaders } from './upstream-headers.js';
import type { UpstreamTarget } from './upstream-target.js';

const target: UpstreamTarget = {
  id: 'up',
  url: new URL('http://127.0.0.1/mcp'),
  headers: { Authorization: 'Bearer t', 'X-Api-Key': 'k' },
};
const credentials = { authorization: 'Bearer t', 'x-api-key': 'k' };
const both = 'application/json, text/event-stream';

describe(modernHeaders, () => {
  it('names version and method', () => {
    expect(modernHeaders(target, '2026-07-28', { method: 'tools/list' })).toEqual({
      ...credentials,
      accept: both,
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/list',
    });
  });

  it('takes the headers of the caller along, which give way to all but its own Accept', () => {
    const passedOn = {
      'x-tenant': 'red',
      accept: 'application/json',
      authorization: 'Bearer theirs',
      'x-api-key': 'theirs',
      'content-type': 'text/html',
      'mcp-method': 'tools/call',
      'mcp-protocol-version': '1',
      'mcp-session-id': 'theirs',
    };
    const passing = { ...target, passedOn };
    const kept = { ...credentials, 'x-tenant': 'red', accept: 'application/json', 'content-type': 'application/json' };
    expect(modernHeaders(passing, '2026-07-28', { method: 'tools/list' })).toMatchObject({
      ...kept,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/list',
    });
    const session = { id: 'ours', revision: '2025-11-25' } as const;
    expect(legacyHeaders(passing, session)).toMatchObject({
      ...kept,
      'mcp-protocol-version': '2025-11-25',
      'mcp-session-id': 'ours',
    });
  });

  it.each([
    ['echo', 'echo'],
    ['größe', '=?base64?Z3LDtsOfZQ==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['a\r\nx-evil: 1', '=?base64?YQ0KeC1ldmlsOiAx?='],
  ])('writes the name %j so that it survives the wire', (targetName, header) => {
    expect(modernHeaders(target, '2026-07-28', { method: 'tools/call', targetName })).toMatchObject({
      'mcp-name': header,
    });
  });

  it('mirrors the arguments that the tool declares, and no others', () => {
    const paramHeaders = [
      { header: 'Mcp-Param-Region', key: 'mcp-param-region', path: ['region'], type: 'string' },
      { header: 'Mcp-Param-Zone', key: 'mcp-param-zone', path: ['zone'], type: 'string' },
    ] as const;
    const args = { region: 'eu', other: 'x' };
    const headers = modernHeaders(target, '2026-07-28', { method: 'tools/call', targetName: 't', args, paramHeaders });
    expect(headers).toHaveProperty('Mcp-Param-Region', 'eu');
    expect(Object.keys(headers).filter((name) => /^mcp-param/i.test(name))).toEqual(['Mcp-Param-Region']);
  });

  it('lets no credential header take the place of one of its own', () => {
    const greedy = {
      ...target,
      headers: { Host: 'evil', 'Content-Type': 'text/plain', 'MCP-Method': 'x', 'Mcp-Param-Region': 'x', 'X-Ok': '1' },
    };
    expect(modernHeaders(greedy, '2026-07-28', { method: 'tools/list' })).toEqual({
      'x-ok': '1',
      accept: both,
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/list',
    });
  });
});

describe(legacyHeaders, () => {
  it('has no version and no session before initialize', () => {
    expect(legacyHeaders(target)).toEqual({ ...credentials, accept: both, 'content-type': 'application/json' });
  });

  it('names the negotiated version and the session', () => {
    expect(legacyHeaders(target, { id: 's1', revision: '2025-06-18' })).toEqual({
      ...credentials,
      accept: both,
      'content-type': 'application/json',
      'mcp-protocol-version': '2025-06-18',
      'mcp-session-id': 's1',
    });
  });

  it('names no session where the upstream keeps none', () => {
    expect(legacyHeaders(target, { id: undefined, revision: '2025-06-18' })).not.toHaveProperty('mcp-session-id');
  });
});

describe(legacyStreamHeaders, () => {
  it('is without a content type', () => {
    expect(legacyStreamHeaders(target, { id: 's1', revision: '2025-11-25' })).toEqual({
      ...credentials,
      accept: both,
      'mcp-protocol-version': '2025-11-25',
      'mcp-session-id': 's1',
    });
  });
});
