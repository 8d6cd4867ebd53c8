import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } };

describe('a tool that can not be kept', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await RunningGateway.start();
  });
  afterAll(() => gateway.stop());

  const wish = (more: object) => ({
    name: 'weather',
    url: 'https://api.example.com/weather',
    inputSchema: SCHEMA,
    ...more,
  });

  it.each<[object, string]>([
    [{ name: 'has space' }, 'name is'],
    [{ name: 'x'.repeat(129) }, 'name is'],
    [{ integration_type: 'MCP' }, 'MCP tools come with their gateway'],
    [{ integration_type: 'A2A' }, 'no agents yet'],
    [{ request_type: 'TRACE' }, 'requestType'],
    [{ url: 'ftp://x.example.com/' }, 'http:// or https://'],
    [{ url: 'http://169.254.169.254/latest' }, 'no setting opens'],
    [{ url: 'http://10.0.0.1/' }, 'SSRF_ALLOW_PRIVATE_NETWORKS'],
    [{ url: 'http://metadata.google.internal/' }, 'cloud metadata'],
    [{ url: 'http://user:pw@x.example.com/' }, 'user name or password'],
    [{ url: 'http://x.example.com/a/../b' }, '. or ..'],
    [{ url: 'http://x.example.com/{id}' }, 'inputSchema does not name'],
    [{ url: 'http://{city}.example.com/' }, 'in its path only'],
    [{ url: undefined, base_url: 'http://{city}.example.com' }, 'in its path only'],
    [{ url: 'http://x.example.com/?a={city}' }, 'queryMapping is for the query'],
    [{ url: undefined }, 'url is required'],
    [{ base_url: 'http://elsewhere.example.com' }, 'different origins'],
    [{ url: undefined, base_url: 'http://x.example.com/path' }, 'scheme, host and port only'],
    [{ headers: { Host: 'x' } }, 'sets itself'],
    [{ headers: { 'Content-Length': '1' } }, 'sets itself'],
    [{ headers: { 'X-Forwarded-For': '1' } }, 'sets itself'],
    [{ headers: { Authorization: 'Bearer x' } }, 'use authType'],
    [{ headers: { 'X-A': 'a\r\nX-B: b' } }, 'printable ASCII'],
    [{ headers: { 'X A': 'a' } }, 'no header name'],
    [{ headers: { 'X-A': 1 } }, 'headers must be'],
    [{ header_mapping: { city: 'Cookie' } }, 'use authType'],
    [{ header_mapping: { city: 'X-A' }, headers: { 'x-a': '1' } }, 'used twice'],
    [{ header_mapping: { town: 'X-A' } }, 'inputSchema does not name'],
    [
      { header_mapping: { city: 'X-Key' }, auth_type: 'authheaders', auth_headers: [{ key: 'x-key', value: 'v' }] },
      'other headers',
    ],
    [{ query_mapping: { city: 'q', days: 'q' } }, 'used twice'],
    [{ query_mapping: { city: 'a b' } }, 'no name of a query member'],
    [{ query_mapping: { city: 'q' }, header_mapping: { city: 'X-A' } }, 'used twice'],
    [{ allowlist: ['other.example.com'] }, 'does not hold the host'],
    [{ allowlist: ['a/b'] }, 'no host name'],
    [{ jsonpath_filter: '$.[' }, 'is no JSONPath'],
    [{ timeout_ms: 99 }, 'timeoutMs'],
    [{ timeout_ms: 600_001 }, 'timeoutMs'],
    [{ inputSchema: { type: 'array' } }, "type 'object'"],
    [{ inputSchema: { type: 'object', properties: [] } }, 'object of schemas'],
    [{ inputSchema: { type: 'object', properties: { a: { $ref: 'http://169.254.169.254/x' } } } }, 'no $ref'],
    [{ output_schema: { type: 'string' } }, 'outputSchema'],

    [{ auth_type: 'bearer' }, 'authToken is required'],
    [{ auth_type: 'basic', auth_username: 'u', auth_password: 'p', auth_token: 't' }, 'authToken does not belong'],
    [{ owner_email: 'eve@example.com' }, 'ownerEmail'],
    [{ ownerEmail: 'eve@example.com', is_admin: true }, 'ownerEmail'],
    [{ source: 'x' }, 'source'],
    [{ gateway_id: 'x' }, 'gatewayId'],
    [{ id: 'x' }, 'id'],
  ])('answers 422 to %j', async (more, text) => {
    const { status, body } = await gateway.rest('POST', '/tools', { tool: wish(more) });
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(text)]);
  });

  it('answers 422 to a tool that is too large to list', async () => {
    const large = { type: 'object', $comment: 'x'.repeat(61_000) };
    const { status, body } = await gateway.rest('POST', '/tools', { tool: wish({ inputSchema: large }) });
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('larger than 60000 bytes')]);
  });

  it('is not stored', async () => {
    expect((await gateway.rest('GET', '/tools?include_inactive=true')).body).toEqual([]);
  });
});
