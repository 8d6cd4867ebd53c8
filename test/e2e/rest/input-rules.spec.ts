import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIELD_RULES, type FieldKind, FieldRules } from '#libs/fields';
import { callMcp } from '../../fixtures/call-mcp.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const MARKDOWN = '# Time\n\nIf `a < b` && c > d, see [docs](https://example.com?a=1&b=2) -> <query>; "quoted" \'too\'';

describe('what comes in, and what upstreams list', () => {
  let running: RunningGateway;
  let upstream: GrowingUpstream;
  beforeAll(async () => {
    running = await RunningGateway.start({
      VALIDATION_MAX_DESCRIPTION_LENGTH: '200',
      VALIDATION_ALLOWED_URL_SCHEMES: 'http',
      MAX_JSON_DEPTH: '10',
      VALIDATION_MAX_RPC_PARAM_SIZE: '2000',
    });
    upstream = await GrowingUpstream.start({ tools: [tool('run')] });
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });

  it('is stored and shown as it was written, never escaped', async () => {
    const { body } = await running.rest('POST', '/servers', { server: { name: 'plain', description: MARKDOWN } });
    expect((await running.rest('GET', `/servers/${body.id}`)).body.description).toBe(MARKDOWN);
  });

  it.each([
    ['/servers', { server: { name: '<script>' } }, 'name', 'name is not of letters'],
    ['/servers', { server: { name: 'a', description: '<script>alert(1)</script>' } }, 'description', 'a <script> tag'],
    ['/servers', { server: { name: 'a', description: 'x'.repeat(201) } }, 'description', 'longer than 200 characters'],
    ['/gateways', { name: 'a', url: 'https://example.com/mcp' }, 'url', 'does not begin with http://'],
    ['/teams', { name: 'a\nb' }, 'name', 'line break'],
    ['/teams', { name: 'a', description: '[a](javascript:alert(1))' }, 'description', 'javascript:'],
    ['/tokens', { name: 'a\u202Eb', expires_in_days: 1 }, 'name', 'direction'],
    ['/auth/email/admin/users', { email: 'no', password: 'x' }, 'email', 'is not an e-mail address'],
  ])('is refused by %s with field and rule: %j', async (path, body, field, rule) => {
    const answer = await running.rest('POST', path, body);
    expect([answer.status, answer.body.detail]).toEqual([
      422,
      [{ loc: ['body', field], msg: expect.stringContaining(rule), type: expect.any(String) }],
    ]);
  });

  it('is bounded in depth, for REST and MCP by one setting', async () => {
    const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) });
    expect((await running.rest('POST', '/servers', deep(10))).body.detail).toBe('The body is nested deeper than 10');
    const { status } = await callMcp(`${running.url}/mcp`, running.session, 'tools/call', {
      name: 'x',
      arguments: deep(9),
    });
    expect(status).toBe(400);
  });

  it('is bounded in the params of one message', async () => {
    const call = (size: number) =>
      callMcp(`${running.url}/mcp`, running.session, 'tools/call', { name: 'x', arguments: { a: 'y'.repeat(size) } });
    expect((await call(1000)).body.error.message).not.toContain('SIZE');
    const { status, body } = await call(2000);
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('VALIDATION_MAX_RPC_PARAM_SIZE')]);
  });

  it('costs the bad item of an upstream only, and says why', async () => {
    upstream.offer({
      tools: [
        tool('good', MARKDOWN),
        tool('script', 'Adds <script src=//evil.example.com></script>'),
        tool('hidden', 'a\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}'),
        tool('long', 'x'.repeat(201)),
        tool('fine'),
      ],
      resources: [
        { uri: 'notes://a', name: 'a', mimeType: 'text/markdown' },
        { uri: 'notes://../../etc', name: 'b' },
        { uri: 'javascript:alert(1)', name: 'c' },
      ],
    });
    const gateway = await running.register('mixed', upstream.url);
    expect([gateway.toolCount, gateway.resourceCount]).toEqual([2, 1]);
    expect(gateway.skipped).toEqual([
      { kind: 'tool', name: 'script', reason: 'has a description that holds a <script> tag' },
      { kind: 'tool', name: 'hidden', reason: 'has a description that holds invisible tag characters' },
      { kind: 'tool', name: 'long', reason: 'has a description that is longer than 200 characters' },
      { kind: 'resource', name: 'notes://../../etc', reason: 'has a uri that climbs with ..' },
      {
        kind: 'resource',
        name: 'javascript:alert(1)',
        reason: 'has a uri that is an address that runs or carries data',
      },
    ]);
    const { body } = await running.rest('GET', `/tools?gateway_id=${gateway.id}`);
    expect(body.find(({ originalName }: { originalName: string }) => originalName === 'good').description).toBe(
      MARKDOWN,
    );
  });

  it('is not read when it is too much, from strangers neither', async () => {
    const crowd = Object.fromEntries(Array.from({ length: 80_000 }, (_, index) => [`a${index}`, 1]));
    const { status, body } = await running.rest('POST', '/auth/login', crowd, null);
    expect([status, body.detail]).toMatchObject([422, [{ msg: 'the body has more than 1000 members' }]]);
  });
});

it('has the table of fields in the guide', () => {
  const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/guides/input-rules.md'), 'utf8');
  const cells = [...guide.matchAll(/^\| (\w+) +\| +([\d,]+) \| (.*?) +\|$/gm)].map(([, ...row]) => row);
  const kinds = Object.keys(FIELD_RULES) as FieldKind[];
  const rows = kinds.map((kind) => [
    kind,
    FieldRules.STANDARD.longest(kind).toLocaleString('en'),
    FIELD_RULES[kind].doc,
  ]);
  expect(cells).toEqual(rows);
});
