import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { EgressSettings } from './egress.settings.js';

describe(EgressSettings.name, () => {
  it('lets nothing out to this machine or its networks, and trusts no strange certificate, unless told to', () => {
    expect(settingsOf(EgressSettings)).toMatchObject({
      allowLocalhost: false,
      allowPrivate: false,
      allowedNetworks: [],
      blockedNetworks: [],
      blockedHosts: [],
      skipSslVerify: false,
      caFile: undefined,
    });
  });

  it.each(['SSRF_ALLOWED_NETWORKS', 'SSRF_BLOCKED_NETWORKS'])(
    'takes networks in %s, and says which is none',
    (name) => {
      expect(() => settingsOf(EgressSettings, { [name]: '10.0.0.0/8, ::1, fd00::/8' })).not.toThrow();
      for (const wrong of ['10.0.0.0/33', 'internal', '10.0.0.*', 'http://10.0.0.1', '10.0.0.1-10.0.0.9']) {
        const fault = `${name} has "${wrong}", which is not an address or CIDR block`;
        expect(() => settingsOf(EgressSettings, { [name]: `10.0.0.0/8,${wrong}` })).toThrow(fault);
      }
    },
  );

  it('does not start with a misspelt protection', () => {
    expect(() => settingsOf(EgressSettings, { SSRF_BLOCKED_NETWORK: '10.0.0.0/8' })).toThrow(
      'did you mean SSRF_BLOCKED_NETWORKS?',
    );
  });
});
