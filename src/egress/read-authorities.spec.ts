import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { readAuthorities } from './read-authorities.js';

const [FIRST = '', SECOND = ''] = rootCertificates;

describe(readAuthorities.name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-ca-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (content: string): string[] => {
    const path = join(folder, 'ca.pem');
    writeFileSync(path, content);
    return readAuthorities(path);
  };
  const plain = (pem: string): string => pem.replaceAll(/\s/g, '');

  it.each([
    ['one', FIRST, [FIRST]],
    ['several, with comments between them', `# mine\n${FIRST}\n# theirs\n${SECOND}`, [FIRST, SECOND]],
    ['lines that end as on Windows', FIRST.replaceAll('\n', '\r\n'), [FIRST]],
  ])('reads %s', (_, content, certificates) => {
    expect(read(content).map(plain)).toEqual(certificates.map(plain));
  });

  it.each([
    ['nothing', ''],
    ['no certificate', 'garbage'],
    ['a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['a certificate that is none', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['one that is cut', FIRST.slice(0, 200)],
    ['a good one and a bad one', `${FIRST}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`],
  ])('refuses a file with %s, by the name of the setting', (_, content) => {
    expect(() => read(content)).toThrow(/^EGRESS_CA_FILE can't be used: /);
  });

  it('refuses a file that is not there', () => {
    expect(() => readAuthorities(join(folder, 'absent'))).toThrow(/^EGRESS_CA_FILE can't be used: ENOENT/);
  });
});
