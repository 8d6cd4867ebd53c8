import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUser } from '../../fixtures/people.js';
import { ScimGate } from '../../fixtures/scim/scim-gate.js';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
let next = 0;
const fresh = (): string => `user${(next += 1)}@example.com`;

describe('users over SCIM', () => {
  let gate: ScimGate;
  beforeAll(async () => {
    gate = await ScimGate.start();
  });
  afterAll(() => gate.stop());

  const asAdmin = (method: string, path: string, body?: object) => gate.running.rest(method, path, body);
  const found = async (filter: string): Promise<string[]> => {
    const { status, body } = await gate.call('GET', `/Users?filter=${encodeURIComponent(filter)}&count=200`);
    expect([status, body.detail]).toEqual([200, undefined]);
    return body.Resources.map(({ userName }: { userName: string }) => userName).sort();
  };

  describe('as Okta asks', () => {
    it('looks for a user, makes it, reads it, replaces it, and switches it off', async () => {
      const userName = fresh();
      const missing = await gate.call('GET', `/Users?filter=userName%20eq%20%22${userName}%22&startIndex=1&count=100`);
      expect(missing.body).toEqual({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: 0,
        startIndex: 1,
        itemsPerPage: 0,
        Resources: [],
      });
      const made = await gate.call('POST', '/Users', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: userName.toUpperCase(),
        name: { givenName: 'Ann', familyName: 'Lee' },
        emails: [{ primary: true, value: userName, type: 'work' }],
        displayName: 'Ann Lee',
        locale: 'en-US',
        externalId: '00ujl29u0le5T6Aj10h7',
        groups: [],
        password: '1mz050nq-test-fixture',
        active: true,
      });
      expect(made.status).toBe(201);
      expect(made.headers.get('content-type')).toBe('application/scim+json; charset=utf-8');
      expect(made.body).toMatchObject({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName,
        externalId: '00ujl29u0le5T6Aj10h7',
        name: { givenName: 'Ann', familyName: 'Lee', formatted: 'Ann Lee' },
        displayName: 'Ann Lee',
        active: true,
        emails: [{ value: userName, primary: true }],
        meta: { resourceType: 'User' },
      });
      const { id } = made.body;
      expect(made.headers.get('location')).toBe(`http://localhost:4444/scim/v2/Users/${id}`);
      expect((await gate.call('GET', `/Users/${id}`)).body).toEqual(made.body);
      const replaced = await gate.call('PUT', `/Users/${id}`, {
        ...made.body,
        name: { givenName: 'Anna' },
        displayName: 'Anna',
      });
      expect(replaced.body).toMatchObject({ id, name: { givenName: 'Anna', familyName: 'Lee' }, displayName: 'Anna' });
      const off = await gate.patch(`/Users/${id}`, { op: 'replace', value: { active: false } });
      expect([off.status, off.body.active]).toEqual([200, false]);
      expect((await asAdmin('GET', `/auth/email/admin/users/${userName}`)).body).toMatchObject({
        auth_provider: 'okta',
        is_active: false,
        is_admin: false,
        full_name: 'Anna',
      });
    });
  });

  describe('as Entra ID asks', () => {
    it('takes its spellings, extensions and parameters', async () => {
      const userName = fresh();
      const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
      const { status, body } = await gate.call('POST', '/Users?aadOptscim062020', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
        externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
        userName,
        active: true,
        emails: [{ primary: true, type: 'work', value: userName }],
        meta: { resourceType: 'User' },
        name: { formatted: 'given family', familyName: 'family', givenName: 'given' },
        roles: [],
        [ENTERPRISE]: { employeeNumber: '7' },
      });
      expect([status, body.displayName]).toEqual([201, 'given family']);
      const path = `/Users/${body.id}`;
      const changed = await gate.patch(
        path,
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'other@example.com' },
        { op: 'Replace', path: 'name.familyName', value: 'updated' },
        { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Sales' },
        { op: 'Replace', path: 'displayName', value: 'New Name' },
      );
      expect([changed.status, changed.body.displayName, changed.body.userName]).toEqual([200, 'New Name', userName]);
      expect((await gate.patch(path, { op: 'Replace', path: 'name.familyName', value: 'updated' })).body.name).toEqual({
        formatted: 'New Name',
        givenName: 'given',
        familyName: 'updated',
      });
      for (const [value, active] of [
        ['False', false],
        ['True', true],
        ['false', false],
      ] as const) {
        const { body: user } = await gate.patch(path, { op: 'Replace', path: 'active', value });
        expect(user.active).toBe(active);
      }
      const flat = { 'name.givenName': 'Flat', active: 'True', [`${ENTERPRISE}:department`]: 'Sales' };
      const { body: user } = await gate.patch(path, { op: 'Add', value: flat });
      expect([user.name.givenName, user.active]).toEqual(['Flat', true]);
      expect(await found('externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"')).toEqual([userName]);
      expect((await gate.call('DELETE', path)).status).toBe(204);
      expect((await gate.call('GET', path)).status).toBe(404);
    });
  });

  describe('a leaver', () => {
    it.each([
      [
        'switched off',
        (id: string) => gate.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
        401,
      ],
      ['switched off by a whole', (id: string) => gate.call('PUT', `/Users/${id}`, { active: false }), 401],
      ['deleted', (id: string) => gate.call('DELETE', `/Users/${id}`), 401],
    ])('who is %s is out at once, with tokens and sessions', async (_, leave, status) => {
      const userName = fresh();
      const id = await gate.user(userName);
      await gate.group(`group of ${userName}`, [id]);
      const token = await gate.mint(userName, ['tools.read']);
      const tools = async () => (await gate.running.rest('GET', '/tools', undefined, token)).status;
      expect(await tools()).toBe(200);
      expect((await leave(id)).status).toBeLessThan(300);
      expect(await tools()).toBe(status);
      const { body: events } = await asAdmin('GET', `/auth/email/admin/events?user_email=${userName}`);
      expect(events[0].details.by).toBe('okta-scim@example.com');
      // Back again, the person has a new start: what was taken back stays so.
      await gate.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: true });
      expect(await tools()).toBe(401);
    });

    it('may come again under the same name, as somebody new', async () => {
      const userName = fresh();
      const id = await gate.user(userName);
      expect((await gate.call('DELETE', `/Users/${id}`)).status).toBe(204);
      expect(await gate.user(userName)).not.toBe(id);
    });

    it('does not come back because a PUT does not say that he is away', async () => {
      const userName = fresh();
      const id = await gate.user(userName, { active: false });
      expect((await gate.call('PUT', `/Users/${id}`, { userName, displayName: 'X' })).body.active).toBe(false);
    });

    it('whom an administrator switched off stays so, whatever his provider says of him', async () => {
      const userName = fresh();
      const id = await gate.user(userName);
      const path = `/auth/email/admin/users/${userName}`;
      const says = async (active: boolean) =>
        (await gate.call('PUT', `/Users/${id}`, { userName, active })).body.active;
      const patched = async (active: boolean) =>
        (await gate.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: active })).body.active;
      await asAdmin('PATCH', path, { is_active: false });
      expect([await says(true), await patched(true), await says(false), await says(true)]).toEqual(
        Array(4).fill(false),
      );
      // The rest of what it says is taken.
      const { body } = await gate.call('PUT', `/Users/${id}`, { userName, active: true, displayName: 'Renamed' });
      expect([body.active, body.displayName]).toEqual([false, 'Renamed']);
      await asAdmin('PATCH', path, { is_active: true });
      expect([await says(true), await patched(false), await patched(true)]).toEqual([true, false, true]);
      // It had switched the account off; then an administrator did, too.
      await says(false);
      await asAdmin('PATCH', path, { is_active: false });
      expect([await says(true), (await asAdmin('GET', path)).body.is_active]).toEqual([false, false]);
    });

    it('may be made before he comes, and come when his provider says so', async () => {
      const userName = fresh();
      const id = await gate.user(userName, { active: false });
      expect((await gate.call('PUT', `/Users/${id}`, { userName, active: true })).body.active).toBe(true);
    });

    it('who is an administrator goes too, but for the last', async () => {
      const userName = fresh();
      const id = await gate.user(userName);
      await asAdmin('PATCH', `/auth/email/admin/users/${userName}`, { is_admin: true });
      expect((await gate.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })).status).toBe(200);
    });
  });

  describe('what a provider does not own', () => {
    it('is not there for it: people who sign in here, administrators, users of another provider', async () => {
      const local = await addUser(gate.running, fresh());
      const { id: admin } = await gate.running.gateway.app
        .get((await import('../../../src/auth/accounts/user.repository.js')).UserRepository)
        .byEmail('admin@example.com')
        .then((user) => user ?? { id: '' });
      const foreign = await gate.user(fresh(), {}, gate.entra);
      for (const id of [local.id, admin, foreign]) {
        const asked = [
          gate.call('GET', `/Users/${id}`),
          gate.call('PUT', `/Users/${id}`, { active: false }),
          gate.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
          gate.call('DELETE', `/Users/${id}`),
        ];
        expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([404, 404, 404, 404]);
        expect(await found(`id eq "${id}"`)).toEqual([]);
        const group = { displayName: `steals ${id}`, members: [{ value: id }] };
        expect((await gate.call('POST', '/Groups', group)).status).toBe(400);
      }
      expect(await found('not (userName eq "nobody@example.com")')).not.toContain(local.email);
    });

    it.each(['admin@example.com', 'Olga@example.com', 'okta-scim@example.com'])(
      'is not taken over: %s',
      async (userName) => {
        const { status, body } = await gate.call('POST', '/Users', { userName });
        expect([status, body]).toEqual([
          409,
          { schemas: [ERROR], status: '409', scimType: 'uniqueness', detail: 'userName is taken' },
        ]);
      },
    );

    it('is not entered by another address', async () => {
      const id = await gate.user(fresh());
      for (const answer of [
        await gate.patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'olga@example.com' }),
        await gate.call('PUT', `/Users/${id}`, { userName: fresh() }),
      ])
        expect([answer.status, answer.body.scimType]).toEqual([400, 'mutability']);
    });
  });

  it('takes nothing but what it may say', async () => {
    const userName = fresh();
    const more = {
      id: 'f'.repeat(32),
      is_admin: true,
      isAdmin: true,
      password: 'A test fixture, not a secret',
      roles: [{ value: 'platform_admin' }],
      entitlements: ['*'],
      authProvider: 'local',
      auth_provider: 'local',
      emailVerified: false,
      groups: [{ value: 'x' }],
      constructor: { prototype: { isAdmin: true } },
    };
    const id = await gate.user(userName, more);
    await gate.call('PUT', `/Users/${id}`, { ...more });
    await gate.patch(
      `/Users/${id}`,
      { op: 'add', value: more },
      ...Object.entries(more).map(([path, value]) => ({ op: 'replace', path, value })),
    );
    const { body } = await asAdmin('GET', `/auth/email/admin/users/${userName}`);
    expect(body).toMatchObject({ is_admin: false, auth_provider: 'okta', email_verified: true });
    const login = { email: userName, password: more.password };
    expect((await gate.running.rest('POST', '/auth/login', login, null)).status).toBe(401);
  });

  it.each([
    '__proto__.polluted',
    'constructor.prototype.polluted',
    'toString.polluted',
    'name.__proto__.polluted',
    'name.constructor',
    'urn:__proto__.polluted',
    'urn:ietf:params:scim:schemas:core:2.0:User:__proto__.polluted',
    '__proto__[value eq "x"].polluted',
  ])('follows no path into what all objects share: %s', async (path) => {
    const id = await gate.user(fresh());
    const { status } = await gate.patch(`/Users/${id}`, { op: 'add', path, value: 'yes' });
    const flat = await gate.patch(`/Users/${id}`, { op: 'add', value: { [path]: 'yes' } });
    expect([200, 400]).toContain(status);
    expect([200, 400]).toContain(flat.status);
    expect('polluted' in {}).toBe(false);
    expect(Object.hasOwn(Reflect.get({}, 'toString') as object, 'polluted')).toBe(false);
  });

  describe('filters', () => {
    const [ann, bob, cy] = ['f.ann@example.com', 'f.bob@example.com', 'f.cy_100%@example.com'.replace('%', '')];
    beforeAll(async () => {
      await gate.user(ann, { externalId: 'E-1', displayName: 'Ann Lee', name: { familyName: 'Lee' } });
      await gate.user(bob, { externalId: 'e-1', displayName: 'Bob', active: false });
      await gate.user(cy, {});
    });

    it.each([
      ['userName eq "F.ANN@example.com"', [ann]],
      ['USERNAME Eq "f.ann@example.com"', [ann]],
      ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "f.ann@example.com"', [ann]],
      ['externalId eq "e-1"', [bob]],
      ['userName sw "f." and active eq false', [bob]],
      ['userName sw "f." and not (active eq "True")', [bob]],
      ['userName sw "f." and (displayName co "LEE" or displayName eq "bob")', [ann, bob]],
      ['userName sw "f." and not (displayName pr)', [cy]],
      ['userName sw "f." and externalId ne "E-1"', [bob, cy]],
      ['userName sw "f.cy_"', [cy]],
      ['userName sw "f%"', []],
      ['emails[type eq "work" and value eq "f.ann@example.com"]', [ann]],
      ['emails.value ew "bob@example.com"', [bob]],
      ['userName sw "f." and name.familyName eq "lee"', [ann]],
      ['userName sw "f." and meta.lastModified gt "2020-01-01T00:00:00Z"', [ann, bob, cy]],
      ['userName sw "f." and meta.created lt "2020-01-01T00:00:00Z"', []],
      [`userName eq "' OR 1=1 --"`, []],
      ['userName eq "\\" or 1 eq 1"', []],
    ])('%s', async (filter, expected) => {
      expect(await found(filter)).toEqual(expected);
    });

    it.each([
      ['nothing', ''],
      ['half', 'userName eq'],
      ['no operator', 'userName like "a"'],
      ['an attribute that is not there', 'passwordHash pr'],
      ['a member of every object', 'constructor eq "x"'],
      ['a prototype', '__proto__ pr'],
      ['an SQL name', 'user.email eq "a"'],
      ['too much', `userName eq "${'a'.repeat(1100)}"`],
      ['too many terms', Array.from({ length: 60 }, () => 'id pr').join(' or ')],
      ['too many levels', `${'('.repeat(200)}id pr${')'.repeat(200)}`.replaceAll('(', 'not (')],
      ['lines without an end', `userName eq "${'\n'.repeat(60)}`],
      ['no truth', 'active eq "perhaps"'],
      ['no instant', 'meta.created gt "yesterday"'],
      ['a control character', 'userName eq "\x01"'],
    ])('that hold %s are refused', async (_, filter) => {
      const { status, body } = await gate.call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
      expect([status, body.schemas, body.scimType]).toEqual([400, [ERROR], 'invalidFilter']);
    });
  });

  it('come in pages, and as much of each as is asked for', async () => {
    const { body: all } = await gate.call('GET', '/Users?count=200');
    const total: number = all.totalResults;
    const seen: string[] = [];
    for (let startIndex = 1; startIndex <= total; startIndex += 3) {
      const { body } = await gate.call(
        'GET',
        `/Users?startIndex=${startIndex}&count=3&attributes=userName,name.givenName`,
      );
      expect([body.totalResults, body.startIndex]).toEqual([total, startIndex]);
      for (const user of body.Resources) {
        expect(Object.keys(user).filter((name) => !['schemas', 'id', 'userName', 'name'].includes(name))).toEqual([]);
        seen.push(user.id);
      }
    }
    expect([seen.length, new Set(seen).size]).toEqual([total, total]);
    expect((await gate.call('GET', '/Users?count=0')).body).toMatchObject({ totalResults: total, Resources: [] });
    expect((await gate.call('GET', '/Users?count=-5&startIndex=-1')).body).toMatchObject({
      startIndex: 1,
      itemsPerPage: 0,
    });
    expect((await gate.call('GET', '/Users?count=many')).status).toBe(400);
    const { body } = await gate.call('GET', `/Users/${seen[0]}?excludedAttributes=emails,meta`);
    expect([body.emails, body.meta, typeof body.userName]).toEqual([undefined, undefined, 'string']);
  });

  it('are of the domains that a provider may speak for', async () => {
    for (const userName of ['x@elsewhere.org', 'x@sub.example.com', 'x@example.com.evil.net'])
      expect((await gate.call('POST', '/Users', { userName })).status).toBe(400);
    expect(await gate.user('x@elsewhere.org', {}, gate.entra)).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each(['..', '%00', 'a%00b', '%ff', '__proto__', "'%20OR%20'1'='1", 'x'.repeat(1000), 'f'.repeat(32), '*'])(
    'has nobody under the id %s',
    async (id) => {
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        const body = method === 'PUT' || method === 'PATCH' ? { schemas: [] } : undefined;
        const { status } = await gate.call(method, `/Users/${id}`, body);
        expect([400, 404]).toContain(status);
      }
    },
  );

  it.each<[string, unknown]>([
    ['no userName', {}],
    ['a userName that is no address', { userName: 'ann' }],
    ['a userName that is no text', { userName: 7 }],
    ['a name with markup', { userName: 'x@example.com', displayName: '<script>' }],
    ['a long name', { userName: 'x@example.com', name: { givenName: 'x'.repeat(300) } }],
    ['a name that is no object', { userName: 'x@example.com', name: 'Ann' }],
    ['active that is neither', { userName: 'x@example.com', active: 'perhaps' }],
    ['a long externalId', { userName: 'x@example.com', externalId: 'x'.repeat(192) }],
    ['no JSON', '{'],
    ['a list', []],
    ['a prototype', '{"userName":"x@example.com","__proto__":{"isAdmin":true}}'],
  ])('does not make a user of %s', async (_, body) => {
    const answer = await gate.call('POST', '/Users', body);
    expect([answer.status, answer.body.schemas, answer.body.status]).toEqual([400, [ERROR], '400']);
  });

  it.each<[string, object]>([
    ['no schemas', { Operations: [{ op: 'add', value: {} }] }],
    ['no operations', { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] }],
    ...(
      [
        ['no op', { path: 'active', value: true }],
        ['another op', { op: 'move', path: 'active' }],
        ['remove without path', { op: 'remove' }],
        ['no object', 7],
        ['a path that is none', { op: 'add', path: 'a b', value: 1 }],
        ['a path without an end', { op: 'add', path: 'a'.repeat(600), value: 1 }],
        ['a filter that hangs', { op: 'add', path: `members[value eq "${'\n'.repeat(50)}]`, value: 1 }],
        ['no value', { op: 'replace', path: 'active' }],
      ] as const
    ).map(([name, operation]): [string, object] => [
      name,
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] },
    ]),
  ])('refuses a PATCH with %s', async (_, body) => {
    const id = await gate.user(fresh());
    expect((await gate.call('PATCH', `/Users/${id}`, body)).status).toBe(400);
  });
});
