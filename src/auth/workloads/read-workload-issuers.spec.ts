import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { readWorkloadIssuers } from './read-workload-issuers.js';
import { WorkloadSettings } from './workload.settings.js';

const CLUSTER = {
  issuer: 'https://cluster.example',
  audiences: ['portcullis'],
  services: [{ subject: 'system:serviceaccount:prod:*', account: 'Agent@example.com', permissions: ['tools.read'] }],
};
const read = (...entries: object[]) => readWorkloadIssuers(JSON.stringify(entries));
const service = (more: object) => ({ ...CLUSTER, services: [{ ...CLUSTER.services[0], ...more }] });

describe(readWorkloadIssuers.name, () => {
  it('reads a cluster', () => {
    expect(read(CLUSTER)).toMatchObject([
      {
        issuer: 'https://cluster.example',
        trustDomain: undefined,
        longestLifetime: 86_400,
        services: [{ account: 'agent@example.com', permissions: new Set(['servers.use', 'tools.read']) }],
      },
    ]);
  });

  it.each<[string, object[], string]>([
    ['nobody', [{ audiences: ['a'] }], '[0].issuer or trust_domain is required'],
    ['no audience', [{ ...CLUSTER, audiences: [] }], '[0].audiences must name at least one'],
    [
      'no keys of a trust domain',
      [{ trust_domain: 'a.org', audiences: ['a'] }],
      '[0].jwks_uri or jwks_file is required',
    ],
    ['two places of keys', [{ ...CLUSTER, jwks_uri: 'https://a.example', jwks_file: '/k' }], 'exclude each other'],
    ['a relative file', [{ ...CLUSTER, jwks_file: 'keys.json' }], '[0].jwks_file must be an absolute path'],
    ['keys in the clear', [{ ...CLUSTER, jwks_uri: 'http://a.example/keys' }], '[0].jwks_uri must be an https URL'],
    ['tokens for ever', [{ ...CLUSTER, max_lifetime_seconds: 1e9 }], '[0].max_lifetime_seconds must be a whole number'],
    ['half a segment', [service({ subject: 'system:serviceaccount:prod*:x' })], 'services[0].subject must be'],
    [
      'a SPIFFE ID of a cluster',
      [service({ subject: 'spiffe://a.org/x' })],
      'services[0].subject must be a SPIFFE ID of',
    ],
    ['every permission', [service({ permissions: ['*'] })], 'services[0].permissions must list permissions'],
    ['a category', [service({ permissions: ['tools.*'] })], 'services[0].permissions must list permissions'],
    ['a member of every object', [service({ permissions: ['toString'] })], 'must list permissions'],
    ['no permission', [service({ permissions: [] })], 'services[0].permissions must list permissions'],
    ['no account', [service({ account: 'agent' })], 'services[0].account must be an e-mail address'],
    ['an administrator', [service({ admin: true })], '[0].services[0].admin is not known'],
    ['an issuer twice', [CLUSTER, CLUSTER], 'has an issuer or a trust domain twice'],
  ])('refuses %s', (_, entries, rule) => {
    expect(() => read(...entries)).toThrow(rule);
  });

  it('has nobody unless told', () => {
    expect(settingsOf(WorkloadSettings).issuers).toEqual([]);
  });
});
