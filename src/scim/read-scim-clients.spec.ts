import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { readScimClients } from './read-scim-clients.js';
import { ScimSettings } from './scim.settings.js';

const TEAM = 'a'.repeat(32);
const CLIENT = { account: 'Okta@example.com', provider: 'okta', email_domains: ['example.com'] };
const read = (...clients: object[]) => readScimClients(JSON.stringify(clients));

describe(readScimClients.name, () => {
  it('reads a provider', () => {
    const groups = { 'Platform team': { team: TEAM }, Leads: { team: TEAM.toUpperCase(), role: 'owner' } };
    expect(read({ ...CLIENT, groups })).toEqual([
      {
        account: 'okta@example.com',
        provider: 'okta',
        emailDomains: new Set(['example.com']),
        groups: new Map([
          ['Platform team', { team: TEAM, role: 'member' }],
          ['Leads', { team: TEAM, role: 'owner' }],
        ]),
      },
    ]);
  });

  it.each<[string, object[], string]>([
    ['nobody', [{ provider: 'okta' }], '[0].account must be text'],
    ['an account that is no address', [{ ...CLIENT, account: 'okta' }], '[0].account must be an e-mail address'],
    ['the people who sign in here', [{ ...CLIENT, provider: 'local' }], '[0].provider must not be local or workload'],
    ['service accounts', [{ ...CLIENT, provider: 'workload' }], '[0].provider must not be local or workload'],
    ['no domain', [{ ...CLIENT, email_domains: [] }], '[0].email_domains must name at least one'],
    ['half a domain', [{ ...CLIENT, email_domains: ['*.com'] }], '[0].email_domains must be a list'],
    ['no team', [{ ...CLIENT, groups: { a: {} } }], '[0].groups["a"].team must be text'],
    ['the name of a team', [{ ...CLIENT, groups: { a: { team: 'red' } } }], 'must be the id of a team'],
    ['administrators', [{ ...CLIENT, groups: { a: { team: TEAM, role: 'admin' } } }], 'role must be member or owner'],
    ['rights', [{ ...CLIENT, groups: { a: { team: TEAM, is_admin: true } } }], '.is_admin is not known'],
    ['an account twice', [CLIENT, { ...CLIENT, provider: 'b' }], 'has one account twice'],
    ['a provider twice', [CLIENT, { ...CLIENT, account: 'b@example.com' }], 'has one provider twice'],
  ])('refuses %s', (_, clients, rule) => {
    expect(() => read(...clients)).toThrow(rule);
  });

  it('is off, and has nobody, unless told', () => {
    expect(settingsOf(ScimSettings)).toMatchObject({ enabled: false, clients: [] });
  });
});
