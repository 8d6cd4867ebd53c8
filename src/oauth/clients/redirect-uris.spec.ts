import { describe, expect, it } from 'vitest';
import { HttpSettings } from '../../http/http.settings.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { RedirectUris } from './redirect-uris.js';

const uris = new RedirectUris(settingsOf(HttpSettings, { APP_DOMAIN: 'https://gate.example.com/' }));
const SERVER = { issuer: 'https://as.example.com', token_endpoint: 'https://as.example.com/token' };
const OWN = /^https:\/\/gate\.example\.com\/oauth\/callback\/[0-9a-f]{32}$/;

describe(RedirectUris.name, () => {
  it('share a path among servers that name themselves in their answers', () => {
    const server = { ...SERVER, authorization_response_iss_parameter_supported: true };
    expect(uris.of(server)).toBe('https://gate.example.com/oauth/callback');
  });

  it('are of one server alone where it does not', () => {
    expect(uris.of(SERVER)).toMatch(OWN);
    expect(uris.of({ ...SERVER, authorization_response_iss_parameter_supported: false })).toBe(uris.of(SERVER));
    expect(uris.of({ ...SERVER, issuer: 'https://as.example.com/' })).not.toBe(uris.of(SERVER));
  });

  it('are other ones for an issuer whose code would go elsewhere', () => {
    const elsewhere = { ...SERVER, token_endpoint: 'https://evil.example.com/token' };
    expect(uris.of(elsewhere)).toMatch(OWN);
    expect(uris.of(elsewhere)).not.toBe(uris.of(SERVER));
  });
});
