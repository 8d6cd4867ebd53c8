import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Environment } from '../../config/environment.js';
import { loadSettings, SettingsError } from '../../config/load-settings.js';
import { HttpSettings } from '../../http/http.settings.js';
import { CredentialSettings } from './credential.settings.js';

const STRONG = randomBytes(32).toString('base64url');
const PROXIED = { MCP_CLIENT_AUTH_ENABLED: 'false', TRUST_PROXY_AUTH: 'true' };

function faultsOf(variables: Record<string, string>): string[] {
  try {
    loadSettings([HttpSettings, CredentialSettings], new Environment(variables));
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map((fault) => fault.slice(0, 45));
    throw error;
  }
  return [];
}

describe(CredentialSettings.name, () => {
  it('asks for a token by default and takes nothing else', () => {
    const loaded = loadSettings([CredentialSettings], new Environment({})).get(CredentialSettings);
    expect(loaded).toEqual({
      authRequired: true,
      mcpRequireAuth: true,
      mcpClientAuth: true,
      trustProxyAuth: false,
      proxyUserHeader: 'X-Authenticated-User',
      apiAllowBasic: false,
      docsAllowBasic: false,
      basicUser: 'admin',
      basicPassword: undefined,
    });
  });

  it.each<Record<string, string>>([
    { API_ALLOW_BASIC_AUTH: 'true', BASIC_AUTH_PASSWORD: STRONG },
    { DOCS_ALLOW_BASIC_AUTH: 'true', BASIC_AUTH_PASSWORD: STRONG },
    { ...PROXIED, TRUSTED_PROXIES: '10.0.0.1' },
    { AUTH_REQUIRED: 'false', MCP_REQUIRE_AUTH: 'false' },
  ])('takes %j', (variables) => {
    expect(faultsOf(variables)).toEqual([]);
  });

  it.each<[Record<string, string>, string]>([
    [{ API_ALLOW_BASIC_AUTH: 'true' }, 'API_ALLOW_BASIC_AUTH and DOCS_ALLOW_BASIC_AUTH'],
    [{ DOCS_ALLOW_BASIC_AUTH: 'true' }, 'API_ALLOW_BASIC_AUTH and DOCS_ALLOW_BASIC_AUTH'],
    [{ BASIC_AUTH_PASSWORD: 'changeme' }, 'BASIC_AUTH_PASSWORD'],
    [{ BASIC_AUTH_PASSWORD: 'a'.repeat(64) }, 'BASIC_AUTH_PASSWORD'],
    [{ BASIC_AUTH_USER: 'a:b' }, 'BASIC_AUTH_USER'],
    [{ TRUST_PROXY_AUTH: 'true', TRUSTED_PROXIES: '10.0.0.1' }, 'TRUST_PROXY_AUTH does nothing'],
    [{ MCP_CLIENT_AUTH_ENABLED: 'false' }, 'MCP_CLIENT_AUTH_ENABLED=false needs'],
    [PROXIED, 'TRUST_PROXY_AUTH needs the addresses'],
    [{ ...PROXIED, TRUSTED_PROXIES: '1' }, 'TRUST_PROXY_AUTH needs the addresses'],
    [{ PROXY_USER_HEADER: 'Authorization' }, 'PROXY_USER_HEADER'],
    [{ PROXY_USER_HEADER: 'X-Forwarded-For' }, 'PROXY_USER_HEADER'],
    [{ PROXY_USER_HEADER: 'X_User' }, 'PROXY_USER_HEADER'],
    [{ TRUST_PROXY_AUTH_DANGEROUSLY: 'true' }, 'TRUST_PROXY_AUTH_DANGEROUSLY is not a setting'],
  ])('refuses %j', (variables, fault) => {
    const [first, ...others] = faultsOf(variables);
    expect(first).toContain(fault.slice(0, 45));
    expect(others).toEqual([]);
  });

  it('never shows the password', () => {
    const fault = 'hunter2-hunter2';
    expect(faultsOf({ BASIC_AUTH_PASSWORD: fault }).join()).not.toContain(fault);
  });
});
