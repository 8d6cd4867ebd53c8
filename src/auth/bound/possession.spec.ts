import { createHash, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Principal, TokenBinding } from '#libs/policy';
import { clientCertificate } from '../../../test/fixtures/client-certificate.js';
import { DpopKey } from '../../../test/fixtures/dpop-key.js';
import { plainRequest } from '../../../test/fixtures/plain-request.js';
import { PossessionParts } from '../../../test/fixtures/possession.js';
import { memberOf, somebody } from '../../../test/fixtures/principals.js';
import { Possession } from './possession.js';

const ORIGIN = 'https://gate.example.com';
const TOKEN = 'a token, which is a test fixture';
const HEADER = 'Ssl-Client-Cert';
const PROXY = '10.0.0.1';
const EDGE = { APP_DOMAIN: ORIGIN, TRUSTED_PROXIES: '10.0.0.0/8' };

describe(Possession.name, () => {
  const { possession } = new PossessionParts({ MTLS_CLIENT_CERT_HEADER: HEADER }, EDGE);
  let key: DpopKey;
  let shown: string;
  let x5t: string;
  beforeAll(async () => {
    key = await DpopKey.make();
    const pem = await clientCertificate('agent');
    shown = encodeURIComponent(pem);
    x5t = createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');
  });

  const caller = (binding?: TokenBinding): Principal =>
    somebody('ann@example.com', memberOf(), { tokenId: 'the-jti', ...(binding && { binding }) });
  const proof = () => key.proof('GET', `${ORIGIN}/tools`, TOKEN);
  const demand = (
    binding: TokenBinding | undefined,
    source: 'bearer' | 'dpop' | 'cookie',
    headers = {},
    peer = PROXY,
  ) => possession.demand(caller(binding), { source, token: TOKEN }, plainRequest('GET', '/tools', headers, peer));

  it('lets through who proves it', async () => {
    await demand({ jkt: key.jkt }, 'dpop', { DPoP: await proof() });
    await demand({ x5t }, 'bearer', { [HEADER]: shown });
    await demand({ jkt: key.jkt, x5t }, 'dpop', { DPoP: await proof(), [HEADER]: shown });
  });

  it('refuses, naming whose token it was, what is bound to a key and sent as anything but DPoP', async () => {
    for (const source of ['bearer', 'cookie'] as const)
      await expect(demand({ jkt: key.jkt }, source, { DPoP: await proof() })).rejects.toMatchObject({
        code: 'invalid_token',
        reason: 'token_bound',
        holder: { subject: 'ann@example.com', tokenId: 'the-jti' },
      });
  });

  it('refuses what is bound to no key and sent as DPoP', async () => {
    for (const binding of [undefined, { x5t }])
      await expect(demand(binding, 'dpop', { DPoP: await proof(), [HEADER]: shown })).rejects.toMatchObject({
        code: 'invalid_token',
        reason: 'token_unbound',
      });
  });

  it('needs both where a token is bound to both', async () => {
    const both = { jkt: key.jkt, x5t };
    await expect(demand(both, 'dpop', { DPoP: await proof() })).rejects.toMatchObject({ reason: 'token_certificate' });
    await expect(demand(both, 'dpop', { [HEADER]: shown })).rejects.toMatchObject({ code: 'invalid_dpop_proof' });
  });

  it('believes the header of a certificate from a trusted proxy alone, once', async () => {
    const refused = { code: 'invalid_token', reason: 'token_certificate' };
    for (const peer of ['203.0.113.7', '::1', ''])
      await expect(demand({ x5t }, 'bearer', { [HEADER]: shown }, peer)).rejects.toMatchObject(refused);
    for (const headers of [{}, { [HEADER]: '' }, { [HEADER]: encodeURIComponent(await clientCertificate('agent')) }])
      await expect(demand({ x5t }, 'bearer', headers)).rejects.toMatchObject(refused);
    const twice = plainRequest('GET', '/tools', { [HEADER]: shown }, PROXY);
    twice.rawHeaders.push(HEADER.toUpperCase(), shown);
    await expect(possession.demand(caller({ x5t }), { source: 'bearer', token: TOKEN }, twice)).rejects.toMatchObject(
      refused,
    );
  });

  it('refuses every token that is bound to a certificate where no header is set', async () => {
    const none = new PossessionParts({}, EDGE).possession;
    const request = plainRequest('GET', '/tools', { [HEADER]: shown }, PROXY);
    await expect(none.demand(caller({ x5t }), { source: 'bearer', token: TOKEN }, request)).rejects.toMatchObject({
      reason: 'token_certificate',
    });
  });
});
