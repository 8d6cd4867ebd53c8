import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routesOf } from '../../../src/http/routes.js';
import { rawExchange } from '../../fixtures/raw-connection.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { startScriptedUpstream } from '../../fixtures/upstreams/scripted-upstream.js';

/** As they stand in a path. */
const STRANGE_IDS = [
  '..',
  '.',
  '%2e%2e',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%5c..',
  '%00',
  'a%00b',
  '%0d%0aX-Injected:%20yes',
  "'%20OR%20'1'='1",
  '1;DROP%20TABLE%20gateways',
  '%25',
  '*',
  '_',
  '0',
  '-1',
  '9223372036854775808',
  '1e308',
  'null',
  'undefined',
  '[object%20Object]',
  '__proto__',
  'constructor',
  '%F0%9F%98%80',
  '%C0%AE%C0%AE',
  '%ff',
  '%zz',
  'x'.repeat(1000),
  'f'.repeat(32),
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '%7B%7B7*7%7D%7D',
];

const STRANGE_VALUES: readonly unknown[] = [
  0,
  -1,
  1.5,
  1e308,
  true,
  '',
  ' ',
  'x'.repeat(70_000),
  '\0',
  'a\u0000b',
  '\r\nX-Injected: yes',
  '\u202Egpj.exe',
  '\uD800',
  '<script>alert(1)</script>',
  "'; DROP TABLE gateways; --",
  '{{7*7}}',
  [],
  [[]],
  [null],
  ['a', ['b']],
  {},
  { $ne: 1 },
  { toString: 'x' },
  { length: 1e9 },
  { key: { value: {} } },
  [{ key: [], value: {} }],
  [{ key: 'a', value: 'b', extra: 1 }],
  [[{ key: 'X-A', value: 'b' }]],
];

const GATEWAY_MEMBERS = [
  'name',
  'url',
  'description',
  'transport',
  'authType',
  'authUsername',
  'authPassword',
  'authToken',
  'authHeaders',
  'authHeaderKey',
  'authHeaderValue',
  'tags',
  'visibility',
  'teamId',
  'era',
  'passthroughHeaders',
];
const SERVER_MEMBERS = [
  'id',
  'name',
  'description',
  'associatedTools',
  'associatedResources',
  'associatedPrompts',
  'toolNaming',
  'icon',
  'tags',
  'visibility',
  'teamId',
];
const FOREIGN_MEMBERS = [
  'ownerEmail',
  'owner_email',
  'tenant',
  'slug',
  'enabled',
  'reachable',
  'createdBy',
  'created_at',
  'version',
  'authValue',
  'auth_value',
  'discovery',
  'isAdmin',
  'team',
  'federationSource',
  'createdFromIp',
  'modified_via',
  'import_batch_id',
  'changeable',
];

describe('the registry and strange input', () => {
  let running: RunningGateway;
  let upstream: GrowingUpstream;

  beforeAll(async () => {
    running = await RunningGateway.start();
    upstream = await GrowingUpstream.start({ tools: [tool('run')] });
    await running.register('there', upstream.url);
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });

  const rowsThere = async () => {
    const counts = ['gateways', 'servers', 'tools'].map(
      async (kind) => (await running.rest('GET', `/${kind}?include_inactive=true&limit=500`)).body.length,
    );
    return Promise.all(counts);
  };

  it('finds nothing under strange ids, and breaks on none', async () => {
    const before = await rowsThere();
    const odd: string[] = [];
    const routes = routesOf(running.gateway.app).filter(
      ({ path, policy }) => path.includes(':') && policy?.kind === 'permission',
    );
    expect(routes.length).toBeGreaterThan(15);
    for (const { method, path } of routes) {
      for (const id of STRANGE_IDS) {
        const line = `${method} ${path.replaceAll(/:\w+/g, id)} HTTP/1.1`;
        const body = method === 'PUT' ? '{}' : '';
        const answer = await rawExchange(
          running.url,
          [
            line,
            'Host: localhost',
            `Authorization: Bearer ${running.session}`,
            'Content-Type: application/json',
            `Content-Length: ${body.length}`,
            'Connection: close',
          ],
          body,
        );
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
        // 422: a body that lacks what the route needs is refused before anything is looked for.
        const refusals = ['POST', 'PUT'].includes(method) ? [400, 404, 422] : [400, 404];
        // A tag is no row: nothing carries one that nobody gave.
        const expected = path.startsWith('/tags/') && answer.endsWith('\r\n\r\n[]') ? [200] : refusals;
        if (!expected.includes(status) || /^X-Injected/m.test(answer) || answer.includes('    at '))
          odd.push(`${line} ${status}`);
      }
    }
    expect(odd).toEqual([]);
    expect(await rowsThere()).toEqual(before);
  });

  it.each(['/gateways', '/servers', '/tools', '/resources', '/prompts', '/resources/templates/list'])(
    'refuses strange queries to %s',
    async (path) => {
      const wrong = [
        'limit=-1',
        'limit=501',
        'limit=1.5',
        'limit=NaN',
        'limit=99999999999999999999',
        'limit[]=1',
        'limit=1&limit=2',
        'cursor=',
        'cursor=x',
        `cursor=${'A'.repeat(129)}`,
        `cursor=${Buffer.from('1.x; DROP TABLE tools').toString('base64url')}`,
        `cursor=${Buffer.from('-1.abc').toString('base64url')}`,
        'include_inactive=maybe',
        'include_pagination=2',
        'visibility=all',
        'visibility=public&visibility=private',
        'visibility[$ne]=public',
        "team_id=' OR 1=1",
        'team_id=..',
        `tags=${'a,'.repeat(501)}`,
        'owner_email=x',
        '__proto__[a]=1',
      ];
      const answers = await Promise.all(
        wrong.map(async (query) => [query, (await running.rest('GET', `${path}?${query}`)).status] as const),
      );
      expect(answers.filter(([, status]) => status !== 400 && status !== 422)).toEqual([]);
    },
  );

  it.each(['tags=%25', "tags=' OR 1=1 --", 'tags=_', 'tags=%2522', 'tags=a%22,%22b'])(
    'finds nothing with %s',
    async (query) => {
      expect((await running.rest('GET', `/gateways?${query}`)).body).toEqual([]);
    },
  );

  describe.each([
    ['gateways', GATEWAY_MEMBERS],
    ['servers', SERVER_MEMBERS],
  ] as const)('%s', (kind, members) => {
    const sound = (count: number): object =>
      kind === 'gateways' ? { name: `sound ${count}`, url: upstream.url } : { name: `sound ${count}` };
    let count = 0;

    it.each(members)('takes or refuses any %s, and never breaks', async (member) => {
      const odd: unknown[] = [];
      for (const value of STRANGE_VALUES) {
        const { status, body } = await running.rest('POST', `/${kind}`, { ...sound((count += 1)), [member]: value });
        if (![200, 201, 400, 403, 409, 422].includes(status)) odd.push([value, status, body]);
        if (status === 422 && !JSON.stringify(body.detail).includes('"loc":["body"')) odd.push([value, status, body]);
        if (status < 300) {
          const path = `/${kind}/${body.id}`;
          const changed = await running.rest('PUT', path, { [member]: value });
          if (changed.status >= 500) odd.push([value, changed.status, changed.body]);
          expect((await running.rest('DELETE', path)).status).toBe(200);
        }
      }
      expect(odd).toEqual([]);
    });

    it('refuses members that are not the caller’s to set, and names them', async () => {
      const { id } = (await running.rest('POST', `/${kind}`, sound((count += 1)))).body;
      for (const member of FOREIGN_MEMBERS) {
        for (const [method, path] of [
          ['POST', `/${kind}`],
          ['PUT', `/${kind}/${id}`],
        ] as const) {
          const answer = await running.rest(method, path, { ...sound((count += 1)), [member]: 'x' });
          expect([member, answer.status, JSON.stringify(answer.body).includes(camel(member))]).toEqual([
            member,
            422,
            true,
          ]);
        }
      }
      expect((await running.rest('GET', `/${kind}/${id}`)).body.version).toBe(1);
    });
  });

  it('counts a member that is null as left out', async () => {
    const nulls = Object.fromEntries(
      GATEWAY_MEMBERS.filter((name) => name !== 'name' && name !== 'url').map((name) => [name, null]),
    );
    const { status, body } = await running.rest('POST', '/gateways', { name: 'nulls', url: upstream.url, ...nulls });
    expect([status, body.visibility, body.authType]).toEqual([200, 'public', 'none']);
  });

  it.each([
    [
      'SSRF_ALLOW_PRIVATE_NETWORKS',
      [
        'http://10.1.2.3/mcp',
        'http://192.168.0.1:8080/',
        'http://[fd12::1]/',
        'http://172.16.0.1/',
        'http://[::ffff:10.0.0.1]/',
        'http://167837955/',
        'http://0x0a.1.2.3/',
        'http://012.1.2.3/',
      ],
    ],
    [
      '',
      [
        'http://169.254.169.254/',
        'http://[fe80::1]/',
        'http://100.64.0.1/',
        'http://0.0.0.0/',
        'http://224.0.0.1/',
        'http://255.255.255.255/',
        'http://metadata.google.internal/',
        'http://[::ffff:169.254.169.254]/',
        'http://2852039166/',
      ],
    ],
    [
      '',
      [
        'ftp://example.com/',
        'file:///etc/passwd',
        'javascript:alert(1)',
        'gopher://x/',
        'ws://example.com/',
        '//example.com',
        'example.com',
        '/mcp',
        'http://',
        'http://a b/',
        'http://x/\r\nHost: y',
        'http://user:pw@example.com/',
        'http://example.com/#x',
        'http://exa\u0000mple.com',
        'http://example.com:99999/',
        `http://example.com/${'x'.repeat(2048)}`,
      ],
    ],
  ])(
    'refuses addresses that may not be called, naming the setting that would allow them: %s',
    async (setting, urls) => {
      for (const url of urls) {
        const answer = await running.rest('POST', '/gateways', { name: 'refused', url });
        expect([url, answer.status]).toEqual([url, 422]);
        expect(JSON.stringify(answer.body)).toContain(setting);
      }
    },
  );

  it('follows no upstream elsewhere', async () => {
    const target = await GrowingUpstream.start({ tools: [tool('run')] });
    for (const status of [301, 302, 303, 307, 308]) {
      const away = { status, headers: { location: target.url } };
      const lure = await startScriptedUpstream({ 'server/discover': away, initialize: away, GET: away });
      for (const era of ['auto', 'legacy', 'modern'])
        expect((await running.rest('POST', '/gateways', { name: 'lure', url: lure.url, era })).status).toBe(502);
      await lure.close();
    }
    expect(target.scripted.calls.requests).toEqual([]);
    await target.close();
  });

  it('names SSRF_ALLOW_LOCALHOST where this machine is closed', async () => {
    const closed = await RunningGateway.start({ SSRF_ALLOW_LOCALHOST: 'false' });
    const before = upstream.scripted.calls.requests.length;
    const { port } = new URL(upstream.url);
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '127.1',
      '2130706433',
      '0x7f.1',
      '[::ffff:127.0.0.1]',
      'LOCALHOST.',
    ]) {
      const answer = await closed.rest('POST', '/gateways', { name: 'here', url: `http://${host}:${port}/mcp` });
      expect([host, answer.status, JSON.stringify(answer.body).includes('SSRF_ALLOW_LOCALHOST')]).toEqual([
        host,
        422,
        true,
      ]);
    }
    expect(upstream.scripted.calls.requests.length).toBe(before);
    await closed.stop();
  });
});

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
