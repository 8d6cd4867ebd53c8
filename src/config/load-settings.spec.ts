import { describe, expect, it } from 'vitest';
import { Environment } from './environment.js';
import { loadSettings, SettingsError } from './load-settings.js';
import { flag, integer, list, optional, secret, text } from './setting.js';
import { type AnySettings, settings } from './settings.js';
import { strongSecret } from './strong-secret.js';

class ShopSettings extends settings('Shop', {
  name: text('SHOP_NAME', 'corner', 'Its name.'),
  open: flag('SHOP_OPEN', false, 'Whether it is open.', { aliases: ['IS_SHOP_OPEN', 'OPEN'] }),
  seats: integer('SHOP_SEATS', 4, { min: 1, max: 9 }, 'Seats.'),
  motto: optional('SHOP_MOTTO', 'What is on the sign.'),
}) {}

class GuardSettings extends settings('Guard', {
  localhost: flag('SSRF_ALLOW_LOCALHOST', false, 'Whether upstreams may be on this machine.'),
  hosts: list('ALLOWED_HOSTS', [], 'Hosts.'),
  port: integer('MCPGATEWAY_PORT', 1, { min: 1, max: 9 }, 'Port.'),
  pass: secret('PASSWORD_OF_DOOR', 'A password.'),
}) {}

class KeySettings extends settings('Key', { key: strongSecret('JWT_SECRET_KEY', 'The key.') }) {}

const SHOP: readonly AnySettings[] = [ShopSettings, GuardSettings];

function shop(variables: Record<string, string>, file: Record<string, string> = {}): ShopSettings {
  return loadSettings(SHOP, new Environment(variables, file)).get(ShopSettings) as ShopSettings;
}

function faultsOf(variables: Record<string, string>, file: Record<string, string> = {}, classes = SHOP): string[] {
  try {
    loadSettings(classes, new Environment(variables, file));
  } catch (error) {
    if (error instanceof SettingsError) return [...error.faults];
    throw error;
  }
  return [];
}

describe(loadSettings.name, () => {
  it('takes the fallback of what is not set or empty', () => {
    expect(shop({ SHOP_NAME: ' ', SHOP_SEATS: '' })).toMatchObject({
      name: 'corner',
      open: false,
      seats: 4,
      motto: undefined,
    });
  });

  it('reads what is set, in the process before the file', () => {
    expect(shop({ SHOP_SEATS: '2' }, { SHOP_SEATS: '3', SHOP_MOTTO: 'cheap' })).toMatchObject({
      name: 'corner',
      open: false,
      seats: 2,
      motto: 'cheap',
    });
  });

  it('knows aliases, the first of them before the others, the name before all', () => {
    expect(shop({ OPEN: 'true' }).open).toBe(true);
    expect(shop({ OPEN: 'true', IS_SHOP_OPEN: 'false' }).open).toBe(false);
    expect(shop({ OPEN: 'false', SHOP_OPEN: 'true' }).open).toBe(true);
    expect(shop({ OPEN: 'true', SHOP_OPEN: '' }).open).toBe(true);
  });

  it('makes instances of the classes, which nobody can change', () => {
    const loaded = shop({});
    expect(loaded).toBeInstanceOf(ShopSettings);
    expect(() => Object.assign(loaded, { seats: 9 })).toThrow(TypeError);
  });

  it('says all faults at once, one line each, with the name that was used', () => {
    const faults = faultsOf({ SHOP_SEATS: '10', IS_SHOP_OPEN: 'perhaps' }, { SSRF_ALLOW_LOCALHOST: 'x', UNKNOWN: '1' });
    expect(faults).toEqual([
      'IS_SHOP_OPEN must be true or false, not "perhaps"',
      'SHOP_SEATS must be a whole number from 1 to 9, not "10"',
      'SSRF_ALLOW_LOCALHOST must be true or false, not "x"',
      'UNKNOWN is not a setting of Portcullis',
    ]);
    expect(new SettingsError(faults).message.split('\n')).toEqual([
      'The settings have 4 fault(s):',
      ...faults.map((fault) => `  - ${fault}`),
    ]);
  });

  it('asks for what is required, and never says what was given for a secret', () => {
    expect(faultsOf({}, {}, [KeySettings])[0]).toMatch(/^JWT_SECRET_KEY is required; /);
    expect(faultsOf({ JWT_SECRET_KEY: 'hunter2' }, {}, [KeySettings]).join()).not.toContain('hunter2');
  });

  it.each([
    ['SSRF_ALOW_LOCALHOST', '; did you mean SSRF_ALLOW_LOCALHOST?'],
    ['SSRF_ALLOW_LOCALHOSTS', '; did you mean SSRF_ALLOW_LOCALHOST?'],
    ['ALLOWED_HOST', '; did you mean ALLOWED_HOSTS?'],
    ['SSRF_SOMETHING_ELSE', ''],
    ['JWT_SECRETKEY', ''],
    ['TRUST_EVERYBODY', ''],
    ['constructor', undefined],
    ['HOME', undefined],
    ['SHOP_NAMES', undefined],
    ['ssrf_allow_localhost', undefined],
  ])('in the process, %s is %s', (name, hint) => {
    const fault = hint === undefined ? [] : [`${name} is not a setting of Portcullis${hint}`];
    expect(faultsOf({ [name]: 'true' })).toEqual(fault);
  });

  it.each(['SHOP_NAMES', 'HOME', 'ssrf_allow_localhost', 'constructor'])('in the file, %s is a fault', (name) => {
    expect(faultsOf({}, { [name]: 'true' })).toHaveLength(1);
  });

  it('says a name once that is in both', () => {
    expect(faultsOf({ SSRF_X: '1' }, { SSRF_X: '1' })).toEqual(['SSRF_X is not a setting of Portcullis']);
  });

  it.each([
    ...['SERVICE_HOST', 'SERVICE_PORT', 'SERVICE_PORT_HTTP', 'PORT_4444_TCP', 'PORT_4444_TCP_ADDR'].map(
      (link) => `MCPGATEWAY_${link}`,
    ),
    ...['PORT', 'PORT_53_UDP', 'PORT_53_UDP_PROTO'].map((link) => `AUTH_${link}`),
  ])('lets the service link %s pass', (name) => {
    expect(faultsOf({ [name]: 'tcp://10.0.0.1:4444' })).toEqual([]);
  });

  it('still reads a setting that looks like a service link', () => {
    expect(faultsOf({ MCPGATEWAY_PORT: 'tcp://10.0.0.1:4444' })).toHaveLength(1);
  });
});
