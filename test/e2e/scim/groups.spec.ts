import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GroupMemberships } from '../../../src/scim/groups/group-memberships.js';
import { ScimGroupMember } from '../../../src/scim/groups/scim-group-member.entity.js';
import { BLUE, RED, ScimGate } from '../../fixtures/scim/scim-gate.js';

let next = 0;
const fresh = (): string => `member${(next += 1)}@example.com`;

describe('groups over SCIM', () => {
  let gate: ScimGate;
  beforeAll(async () => {
    gate = await ScimGate.start();
  });
  afterAll(() => gate.stop());

  interface Person {
    readonly id: string;
    readonly email: string;
  }
  async function person(): Promise<Person> {
    const email = fresh();
    return { id: await gate.user(email), email };
  }
  /** Address and role of all in a team but the one whom an owner let in. */
  async function team(id: string): Promise<Record<string, string>> {
    const { body } = await gate.running.rest('GET', `/teams/${id}/members`);
    const members: { user_email: string; role: string }[] = Array.isArray(body) ? body : body.members;
    const others = members.filter(({ user_email: email }) => email !== 'olga@example.com');
    return Object.fromEntries(others.map(({ user_email: email, role }) => [email, role]));
  }
  const members = (...people: readonly Person[]) => people.map(({ id }) => ({ value: id }));

  it('make members of a mapped team, as Okta and Entra ID ask, and take them out again', async () => {
    const [ann, bob, cy] = [await person(), await person(), await person()];
    const id = await gate.group('Engineers', [ann.id]);
    const path = `/Groups/${id}`;
    expect(await team(RED)).toEqual({ [ann.email]: 'member' });

    await gate.patch(path, { op: 'add', path: 'members', value: members(bob, cy) });
    expect(await team(RED)).toEqual({ [ann.email]: 'member', [bob.email]: 'member', [cy.email]: 'member' });
    // Okta, with what is shown of a member besides.
    const shown = [{ value: ann.id, display: ann.email }];
    expect((await gate.patch(path, { op: 'remove', path: 'members', value: shown })).status).toBe(200);
    await gate.patch(path, { op: 'remove', path: `members[value eq "${bob.id}"]` });
    expect(await team(RED)).toEqual({ [cy.email]: 'member' });
    // Entra ID.
    await gate.patch(path, { op: 'Add', path: 'members', value: [{ $ref: null, value: ann.id }] });
    await gate.patch(path, { op: 'Remove', path: 'members', value: [{ $ref: null, value: cy.id }] });
    expect(await team(RED)).toEqual({ [ann.email]: 'member' });
    await gate.patch(
      path,
      { op: 'Remove', path: `members[value eq "${ann.id}"]` },
      { op: 'Add', path: 'members', value: members(bob) },
    );
    expect(await team(RED)).toEqual({ [bob.email]: 'member' });

    const put = await gate.call('PUT', path, { displayName: 'Engineers', members: members(ann, cy) });
    expect(put.body.members.map(({ value }: { value: string }) => value).sort()).toEqual([ann.id, cy.id].sort());
    expect(await team(RED)).toEqual({ [ann.email]: 'member', [cy.email]: 'member' });
    await gate.patch(path, { op: 'replace', path: 'members', value: members(cy) });
    expect(await team(RED)).toEqual({ [cy.email]: 'member' });
    await gate.patch(path, { op: 'replace', value: { displayName: 'Something else' } });
    expect(await team(RED)).toEqual({});
    await gate.patch(path, { op: 'Replace', path: 'displayName', value: 'Engineers' });
    expect(await team(RED)).toEqual({ [cy.email]: 'member' });
    expect((await gate.call('DELETE', path)).status).toBe(204);
    expect([(await gate.call('GET', path)).status, await team(RED)]).toEqual([404, {}]);
  });

  it('give the more of two roles, and take away no more than they gave', async () => {
    const [ann, bob] = [await person(), await person()];
    await gate.running.rest('POST', `/teams/${RED}/members`, { email: bob.email, role: 'member' });
    const engineers = await gate.group('Engineers', [ann.id, bob.id]);
    const leads = await gate.group('Leads', [ann.id, bob.id]);
    // Bob was let in by an administrator; what he is there is not for groups to say.
    expect(await team(RED)).toEqual({ [ann.email]: 'owner', [bob.email]: 'member' });
    await gate.call('DELETE', `/Groups/${leads}`);
    expect(await team(RED)).toMatchObject({ [bob.email]: 'member' });
    await gate.call('DELETE', `/Groups/${engineers}`);
    expect(await team(RED)).toEqual({ [bob.email]: 'member' });
    await gate.running.rest('DELETE', `/teams/${RED}/members/${bob.email}`);
  });

  it('leave alone who was let in anew after having been put out', async () => {
    const ann = await person();
    const id = await gate.group('Analysts', [ann.id]);
    await gate.running.rest('DELETE', `/teams/${BLUE}/members/${ann.email}`);
    await gate.running.rest('POST', `/teams/${BLUE}/members`, { email: ann.email, role: 'member' });
    await gate.call('DELETE', `/Groups/${id}`);
    expect(await team(BLUE)).toEqual({ [ann.email]: 'member' });
    await gate.running.rest('DELETE', `/teams/${BLUE}/members/${ann.email}`);
  });

  it('are felt at once by a token of the team', async () => {
    const ann = await person();
    const id = await gate.group('Analysts', [ann.id]);
    const wish = { name: 'of the team', user_email: ann.email, team_id: BLUE, expires_in_days: 1 };
    const { body } = await gate.running.rest('POST', '/tokens', wish);
    const tools = async () => (await gate.running.rest('GET', '/tools', undefined, body.access_token)).status;
    expect(await tools()).toBe(200);
    await gate.patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${ann.id}"]` });
    expect(await tools()).toBe(403);
    await gate.call('DELETE', `/Groups/${id}`);
  });

  it('that no setting names give nothing, whatever they are called', async () => {
    const ann = await person();
    for (const name of ['platform_admin', 'admin', 'Administrators', RED]) {
      await gate.group(name, [ann.id]);
      const { body } = await gate.running.rest('GET', `/auth/email/admin/users/${ann.email}`);
      expect(body.is_admin).toBe(false);
    }
    expect([await team(RED), await team(BLUE)]).toEqual([{}, {}]);
  });

  it('of another provider with the name of a mapped one give nothing, and are not there for the first', async () => {
    const foreign = await gate.user(fresh(), {}, gate.entra);
    const id = await gate.group('Engineers', [foreign], gate.entra);
    expect(await team(RED)).toEqual({});
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { displayName: 'Mine', members: [] }],
      [
        'PATCH',
        { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'remove', path: 'members' }] },
      ],
      ['DELETE', undefined],
    ] as const)
      expect((await gate.call(method, `/Groups/${id}`, body)).status).toBe(404);
    expect((await gate.call('GET', `/Groups/${id}`, undefined, gate.entra)).body.members).toHaveLength(1);
  });

  it('say when a team is full or not there, and go on when it is not', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, person));
    const id = await gate.group(
      'waiting',
      people.map((each) => each.id),
    );
    const path = `/Groups/${id}`;
    const rename = (displayName: string) =>
      gate.patch(path, { op: 'replace', path: 'displayName', value: displayName });
    const full = await rename('Analysts');
    expect([full.status, full.body.detail]).toEqual([
      400,
      'Team has reached its maximum of members and open invitations',
    ]);
    expect(Object.keys(await team(BLUE))).toHaveLength(4);
    const fits = await gate.patch(path, { op: 'replace', path: 'members', value: members(...people.slice(2)) });
    expect([fits.status, Object.keys(await team(BLUE)).sort()]).toEqual([
      200,
      people
        .slice(2)
        .map(({ email }) => email)
        .sort(),
    ]);
    expect((await rename('Nowhere')).body.detail).toBe('The team of this group in SCIM_CLIENTS is not there');
    expect(await team(BLUE)).toEqual({});
    await gate.call('DELETE', path);
  });

  it('are made good at the next start, when the settings or a failure left something behind', async () => {
    const ann = await person();
    const id = await gate.group('Analysts', [ann.id]);
    const { app } = gate.running.gateway;
    await app.get(DataSource).getRepository(ScimGroupMember).delete({ groupId: id });
    expect(await team(BLUE)).toEqual({ [ann.email]: 'member' });
    await app.get(GroupMemberships).onApplicationBootstrap();
    expect(await team(BLUE)).toEqual({});
    await gate.call('DELETE', `/Groups/${id}`);
  });

  it('lose no member to changes at once', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, person));
    const id = await gate.group('crowd', []);
    await Promise.all(
      people.map((each) => gate.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: members(each) })),
    );
    expect((await gate.call('GET', `/Groups/${id}`)).body.members).toHaveLength(8);
  });

  it('are found by name, and shown without their members', async () => {
    const id = await gate.group('Readers', [(await person()).id]);
    const asked = `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "readers"')}`;
    const { body } = await gate.call('GET', asked);
    expect(body.Resources).toMatchObject([{ id, displayName: 'Readers', meta: { resourceType: 'Group' } }]);
    expect(body.Resources[0].members).toBeUndefined();
  });

  it.each<[string, number, object]>([
    ['no name', 400, {}],
    ['a name with markup', 400, { displayName: '<b>' }],
    ['a long name', 400, { displayName: 'x'.repeat(192) }],
    ['members that are no list', 400, { displayName: 'x', members: 'all' }],
    ['members without ids', 400, { displayName: 'x', members: [{}] }],
    ['a strange id', 400, { displayName: 'x', members: [{ value: "' OR 1=1 --" }] }],
    ['somebody unknown', 400, { displayName: 'x', members: [{ value: 'f'.repeat(32) }] }],
    ['groups in it', 400, { displayName: 'x', members: [{ value: 'f'.repeat(32), type: 'Group' }] }],
    ['too many', 400, { displayName: 'x', members: Array.from({ length: 1001 }, (_, at) => ({ value: `${at}` })) }],
  ])('are not made of %s', async (_, status, body) => {
    const answer = await gate.call('POST', '/Groups', body);
    expect([answer.status, answer.body.status]).toEqual([status, String(status)]);
  });

  it('have a name of their own within a provider', async () => {
    await gate.group('Unique', []);
    const { status, body } = await gate.call('POST', '/Groups', { displayName: 'Unique' });
    expect([status, body.scimType]).toEqual([409, 'uniqueness']);
    expect((await gate.call('POST', '/Groups', { displayName: 'Unique' }, gate.entra)).status).toBe(201);
  });

  it.each(['__proto__.polluted', 'members.__proto__.polluted', 'members[value pr].constructor.prototype.polluted'])(
    'follow no path into what all objects share: %s',
    async (path) => {
      const id = await gate.group(`group ${path}`.replaceAll(/[<>]/g, ''), [(await person()).id]);
      expect([200, 400]).toContain((await gate.patch(`/Groups/${id}`, { op: 'add', path, value: 'yes' })).status);
      expect('polluted' in {}).toBe(false);
    },
  );
});
