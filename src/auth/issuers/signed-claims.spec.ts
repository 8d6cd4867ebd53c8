import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptedIssuer } from '../../../test/fixtures/oauth/scripted-issuer.js';
import { loopbackEgress } from '../../../test/fixtures/upstreams/loopback-egress.js';
import { IssuerClient } from './issuer-client.js';
import { readIssuers } from './read-issuers.js';
import { SignedClaims } from './signed-claims.js';

const MINUTE = 60_000;

describe(SignedClaims.name, () => {
  let idp: ScriptedIssuer;
  let other: ScriptedIssuer;
  const egress = loopbackEgress();

  beforeEach(async () => {
    Logger.overrideLogger(false);
    vi.useFakeTimers({ toFake: ['Date'] });
    idp = await ScriptedIssuer.start();
    other = await ScriptedIssuer.start();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await idp.close();
    await other.close();
  });

  const claims = (more: object = {}, issuer = idp.issuer): SignedClaims => {
    const [read] = readIssuers(JSON.stringify([{ issuer, ...more }]));
    if (!read) throw new Error('there is one');
    const client = new IssuerClient(egress);
    return new SignedClaims(read.issuer, () => client.keySet(read));
  };
  const invalid = { code: 'invalid_token' };
  const unavailable = { code: 'issuer_unavailable' };
  const wait = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

  it('finds the keys by the metadata, and asks once', async () => {
    const source = claims();
    for (const sub of ['a', 'b']) expect(await source.claimsOf(await idp.sign({ sub }))).toMatchObject({ sub });
    expect([...idp.asked]).toEqual([
      ['/.well-known/oauth-authorization-server', 1],
      ['/keys', 1],
    ]);
  });

  it('takes the keys from where the operator says', async () => {
    const source = claims({ jwks_uri: `${idp.issuer}/keys` });
    await source.claimsOf(await idp.sign({}));
    expect([...idp.asked.keys()]).toEqual(['/keys']);
  });

  it.each([
    ['about another issuer', { issuer: 'https://else.example.com' }],
    ['whose issuer differs by a slash', { issuer: 'http://127.0.0.1/' }],
    ['without keys', { jwks_uri: undefined }],
    ['whose keys are in the clear elsewhere', { jwks_uri: 'http://127.0.0.1:1/keys' }],
    ['whose keys are in the network of a cloud', { jwks_uri: 'https://169.254.169.254/keys' }],
  ])('does not use metadata %s', async (_, metadata) => {
    idp.metadata = metadata;
    await expect(claims().claimsOf(await idp.sign({}))).rejects.toMatchObject(unavailable);
    expect(idp.asked.get('/keys')).toBeUndefined();
  });

  it('goes on with the keys it has while the issuer is silent, and is refused without any', async () => {
    const source = claims();
    await source.claimsOf(await idp.sign({}));
    idp.silent = true;
    wait(60 * MINUTE);
    expect(await source.claimsOf(await idp.sign({ sub: 'still' }))).toMatchObject({ sub: 'still' });
    await expect(claims().claimsOf(await idp.sign({}))).rejects.toMatchObject(unavailable);
  });

  it('learns a new key at once, and drops the old one', async () => {
    const source = claims();
    const before = await idp.sign({});
    await source.claimsOf(before);
    wait(MINUTE);
    await idp.rotate('second');
    expect(await source.claimsOf(await idp.sign({ sub: 'new' }))).toMatchObject({ sub: 'new' });
    await expect(source.claimsOf(before)).rejects.toMatchObject(invalid);
  });

  it('asks no more than once in half a minute for keys that nobody has', async () => {
    const source = claims();
    await source.claimsOf(await idp.sign({}));
    wait(MINUTE);
    for (const kid of ['a', 'b', 'c', 'd'])
      await expect(source.claimsOf(await idp.sign({}, { kid }))).rejects.toMatchObject(invalid);
    expect(idp.asked.get('/keys')).toBe(2);
  });

  it('takes no key of another', async () => {
    const source = claims();
    await expect(source.claimsOf(await other.sign({ iss: idp.issuer }))).rejects.toMatchObject(invalid);
    await expect(source.claimsOf(await other.sign({}, { kid: 'first' }))).rejects.toMatchObject(invalid);
  });

  it('does not follow a redirect', async () => {
    const moved = claims({ jwks_uri: `${idp.issuer}/moved` });
    await expect(moved.claimsOf(await idp.sign({}))).rejects.toMatchObject(unavailable);
  });
});
