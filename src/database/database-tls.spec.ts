import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseTls, type TlsSettings } from './database-tls.js';
import { parseDatabaseUrl } from './database-url.js';

function tls(url: string, settings: Partial<TlsSettings> = {}) {
  const target = parseDatabaseUrl(url);
  if (target.engine === 'sqlite') throw new TypeError('not a server');
  return databaseTls(target, { sslMode: 'auto', sslCa: undefined, sslCert: undefined, sslKey: undefined, ...settings });
}

describe(databaseTls.name, () => {
  let folder: string;
  let pem: (name: string) => string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-'));
    pem = (name) => {
      writeFileSync(join(folder, name), name);
      return join(folder, name);
    };
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['localhost', '127.0.0.1', '127.8.0.1', '[::1]'])('auto speaks clear text to %s', (host) => {
    expect(tls(`postgresql://u:p@${host}/gate`)).toBe(false);
  });

  it.each(['db', '10.0.0.1', 'localhost.example.com', '127.evil.example.com'])('auto checks who %s is', (host) => {
    expect(tls(`postgresql://u:p@${host}/gate`)).toEqual({ minVersion: 'TLSv1.2', rejectUnauthorized: true, host });
  });

  it('lets the URL decide', () => {
    expect(tls('postgresql://u:p@db/gate?sslmode=disable', { sslMode: 'verify-full' })).toBe(false);
    expect(tls('mysql://u:p@localhost/gate?sslmode=verify-full')).toMatchObject({ verifyIdentity: true });
  });

  it('require encrypts, and checks the chain when it is given an authority', () => {
    const url = 'postgresql://u:p@db/gate';
    expect(tls(url, { sslMode: 'require' })).toMatchObject({ rejectUnauthorized: false });
    const checked = tls(url, { sslMode: 'require', sslCa: pem('ca.pem') });
    expect(checked).toMatchObject({ rejectUnauthorized: true, ca: Buffer.from('ca.pem') });
    expect(checked).toHaveProperty('checkServerIdentity');
  });

  it('verify-ca checks the chain but no name', () => {
    expect(tls('postgresql://u:p@db/gate', { sslMode: 'verify-ca' })).toMatchObject({
      rejectUnauthorized: true,
      checkServerIdentity: expect.any(Function),
    });
    expect(tls('mysql://u:p@db/gate', { sslMode: 'verify-ca' })).toMatchObject({
      rejectUnauthorized: true,
      verifyIdentity: false,
    });
  });

  it('verify-full makes mysql2 compare the name, and refuses an address, which it would not compare', () => {
    expect(tls('mysql://u:p@db/gate')).toMatchObject({ rejectUnauthorized: true, verifyIdentity: true });
    expect(() => tls('mysql://u:p@10.0.0.1/gate')).toThrow('needs a host name');
  });

  it('takes a client certificate with its key only', () => {
    const both = { sslCert: pem('cert.pem'), sslKey: pem('key.pem') };
    expect(tls('postgresql://u:p@db/gate', both)).toMatchObject({
      cert: Buffer.from('cert.pem'),
      key: Buffer.from('key.pem'),
    });
    expect(() => tls('postgresql://u:p@db/gate', { sslCert: pem('cert.pem') })).toThrow('belong together');
  });

  it('names the setting whose file is missing', () => {
    expect(() => tls('postgresql://u:p@db/gate', { sslCa: join(folder, 'none.pem') })).toThrow(/^DB_SSL_CA cannot be/);
  });
});
