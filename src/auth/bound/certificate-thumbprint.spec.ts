import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientCertificate } from '../../../test/fixtures/client-certificate.js';
import { certificateThumbprint } from './certificate-thumbprint.js';

const HASH = 'ab'.repeat(32);
const OF_HASH = Buffer.from(HASH, 'hex').toString('base64url');

describe(certificateThumbprint.name, () => {
  let pem: string;
  let thumbprint: string;
  beforeAll(async () => {
    pem = await clientCertificate('ann');
    thumbprint = createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');
  });
  const der = (): string => new X509Certificate(pem).raw.toString('base64');

  it('reads a percent-encoded PEM', () => {
    expect(certificateThumbprint(encodeURIComponent(pem), 'pem')).toBe(thumbprint);
  });

  it('reads base64, with the colons of RFC 9440 and without', () => {
    expect(certificateThumbprint(der(), 'der')).toBe(thumbprint);
    expect(certificateThumbprint(`:${der()}:`, 'der')).toBe(thumbprint);
  });

  it.each([
    `Hash=${HASH}`,
    `By=spiffe://a/b;Hash=${HASH};Subject="/C=US;CN=x";URI=spiffe://a/c`,
    `Hash=${HASH.toUpperCase()};Subject=""`,
    `By=http://a;Hash=${HASH};Subject="CN=\\"q\\";Hash=${'0'.repeat(64)}"`,
  ])('reads the hash of %s', (text) => {
    expect(certificateThumbprint(text, 'xfcc')).toBe(OF_HASH);
  });

  it.each([
    ['of nobody', 'By=spiffe://a/b'],
    ['of two clients', `Hash=${HASH},By=x;Hash=${HASH}`],
    ['a second time, by a name in the certificate', `URI=x;Hash=${HASH};Hash=${'0'.repeat(64)}`],
    ['a second time in capitals', `HASH=${HASH};Hash=${HASH}`],
    ['that is too short', `Hash=${HASH.slice(2)}`],
    ['in quotes that do not end', `Subject="a;Hash=${HASH}`],
    ['after what is no member', `=;Hash=${HASH}`],
    ['among too much', `Subject="${'a'.repeat(13_000)}";Hash=${HASH}`],
  ])('takes no hash %s', (_, text) => {
    expect(certificateThumbprint(text, 'xfcc')).toBeUndefined();
  });

  it('takes nothing else for a certificate', () => {
    const two = encodeURIComponent(`${pem}\n${pem}`);
    for (const text of ['', 'x', '%', '%zz', two, encodeURIComponent(pem.slice(0, 200)), der()])
      expect(certificateThumbprint(text, 'pem')).toBeUndefined();
    const noise = randomBytes(500).toString('base64');
    for (const text of ['', ':', '::', `:${der()}`, `${der()} `, noise, encodeURIComponent(pem)])
      expect(certificateThumbprint(text, 'der')).toBeUndefined();
  });
});
