import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { HttpSettings } from './http.settings.js';

const withOne = (name: string, value: string): HttpSettings => settingsOf(HttpSettings, { [name]: value });

describe(HttpSettings.name, () => {
  it('listens on loopback only, with every protection on, unless told otherwise', () => {
    expect(settingsOf(HttpSettings)).toMatchObject({
      host: '127.0.0.1',
      environment: 'development',
      allowedHosts: [],
      securityHeaders: true,
      hsts: true,
    });
  });

  it.each([
    ['APP_DOMAIN', 'http://localhost:4444'],
    ['APP_DOMAIN', 'https://gate.example.com/'],
    ['APP_DOMAIN', 'http://[::1]:4444'],
    ['ALLOWED_ORIGINS', 'https://app.example.com,http://localhost:3000/'],
    ['ALLOWED_ORIGINS', '["https://app.example.com"]'],
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_HOSTS', 'gate.example.com,fd00::7,10.0.0.7,*'],
    ['HOST', '::'],
    ['PORT', '0'],
  ])('takes %s=%s', (name, value) => {
    expect(() => withOne(name, value)).not.toThrow();
  });

  it.each([
    ['APP_DOMAIN', 'gate.example.com'],
    ['APP_DOMAIN', 'https://gate.example.com/path'],
    ['APP_DOMAIN', 'https://gate.example.com?x'],
    ['APP_DOMAIN', 'https://user:pass@gate.example.com'],
    ['APP_DOMAIN', 'https://gate.example.com:99999'],
    ['APP_DOMAIN', 'https://[::1'],
    ['APP_DOMAIN', 'https://a b'],
    ['APP_DOMAIN', 'ftp://gate.example.com'],
    ['ALLOWED_ORIGINS', 'https://app.example.com/path'],
    ['ALLOWED_ORIGINS', 'app.example.com'],
    ['ALLOWED_ORIGINS', 'https://*.example.com'],
    ['ALLOWED_ORIGINS', 'null'],
    ['ALLOWED_ORIGINS', 'https://app.example.com:443'],
    ['ALLOWED_HOSTS', 'https://gate.example.com'],
    ['ALLOWED_HOSTS', 'gate.example.com:4444'],
    ['ALLOWED_HOSTS', '*.example.com'],
    ['HOST', 'http://localhost'],
    ['HOST', 'a b'],
    ['PORT', '65536'],
    ['ENVIRONMENT', 'prod'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => withOne(name, value)).toThrow(name);
  });
});
