import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RED, ScimGate } from '../fixtures/scim/scim-gate.js';
import { onEveryDatabase } from './on-every-database.js';

describe('what identity providers keep', () => {
  onEveryDatabase((database) => {
    let gate: ScimGate;
    let ids: string[];

    beforeAll(async () => {
      gate = await ScimGate.start({ DATABASE_URL: database.url });
      ids = [
        await gate.user('ann@example.com', { externalId: 'E-1', displayName: 'Änn 100%', name: { familyName: 'Lee' } }),
        await gate.user('bob@example.com', { externalId: 'e-1', active: false }),
        await gate.user('cy_d@example.com', { name: { givenName: 'Cy' } }),
      ];
    });
    afterAll(() => gate?.stop());

    it.each([
      ['userName eq "ANN@example.com"', ['ann@example.com']],
      ['userName sw "ANN" and userName ew "Example.COM"', ['ann@example.com']],
      ['emails.value co "B@EX"', ['bob@example.com']],
      ['userName gt "B"', ['bob@example.com', 'cy_d@example.com']],
      ['externalId eq "e-1"', ['bob@example.com']],
      ['externalId ne "e-1"', ['ann@example.com', 'cy_d@example.com']],
      ['active eq true', ['ann@example.com', 'cy_d@example.com']],
      ['not (active eq true)', ['bob@example.com']],
      ['displayName co "100%"', ['ann@example.com']],
      ['userName sw "cy_"', ['cy_d@example.com']],
      ['userName sw "___"', []],
      ['not (externalId pr)', ['cy_d@example.com']],
      ['name.givenName eq "cy" or name.familyName eq "LEE"', ['ann@example.com', 'cy_d@example.com']],
      ['emails[type eq "work" and value ew "bob@example.com"]', ['bob@example.com']],
      ['meta.created ge "2020-01-01T00:00:00Z" and meta.lastModified lt "2020-01-01T00:00:00Z"', []],
    ])('is found by %s', async (filter, expected) => {
      const { body } = await gate.call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
      expect(body.detail).toBeUndefined();
      const names = body.Resources.map(({ userName }: { userName: string }) => userName);
      expect([body.totalResults, names.sort()]).toEqual([expected.length, expected]);
    });

    it.each(['externalId sw "e-"', 'externalId co "E"', 'id ew "0"'])(
      'is not found by a part of an id: %s',
      async (filter) => {
        const { status, body } = await gate.call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
        expect([status, body.scimType]).toEqual([400, 'invalidFilter']);
      },
    );

    it('is changed by many at once without loss, and gives memberships once', async () => {
      const id = await gate.group('Engineers', []);
      const add = (value: string) => gate.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value }] });
      const answers = await Promise.all([...ids, ...ids].map(add));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const { body } = await gate.running.rest('GET', `/teams/${RED}/members`);
      expect(body.map(({ user_email }: { user_email: string }) => user_email).sort()).toEqual([
        'ann@example.com',
        'bob@example.com',
        'cy_d@example.com',
        'olga@example.com',
      ]);
      expect((await gate.call('DELETE', `/Users/${ids[0]}`)).status).toBe(204);
      expect((await gate.call('DELETE', `/Groups/${id}`)).status).toBe(204);
      expect((await gate.running.rest('GET', `/teams/${RED}/members`)).body).toHaveLength(1);
    });

    it('has one account of a userName, and one group of a name, however many make it at once', async () => {
      const users = await Promise.all(
        Array.from({ length: 4 }, () => gate.call('POST', '/Users', { userName: 'race@example.com' })),
      );
      expect(users.map(({ status }) => String(status)).sort()).toEqual(['201', '409', '409', '409']);
      const groups = await Promise.all(
        Array.from({ length: 4 }, () => gate.call('POST', '/Groups', { displayName: 'race' })),
      );
      expect(groups.map(({ status }) => String(status)).sort()).toEqual(['201', '409', '409', '409']);
    });
  });
});
