import { describe, expect, it } from 'vitest';
import { gatewayPart } from '../../../test/fixtures/registry/catalog-parts.js';
import { targetOfCall } from './target-of-call.js';

/** Headers as they were sent, each with all its values. */
const request = (headers: Readonly<Record<string, string | string[]>>) => ({
  headersDistinct: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()])),
});
const passing = (...passthrough: string[]) => gatewayPart('clock', { passthrough });

describe(targetOfCall, () => {
  it('is the target of the gateway itself where nothing is passed on', () => {
    const gateway = passing();
    expect(targetOfCall(gateway, request({ 'x-tenant': 'red' }))).toBe(gateway.target);
    const listing = passing('x-other');
    expect(targetOfCall(listing, request({ 'x-tenant': 'red' }))).toBe(listing.target);
  });

  it('has the listed headers, and leaves the target of others alone', () => {
    const gateway = passing('x-tenant', 'x-trace');
    const target = targetOfCall(gateway, request({ 'x-tenant': 'red', 'x-other': 'blue' }));
    expect(target).toEqual({ ...gateway.target, passedOn: { 'x-tenant': 'red' } });
    expect(gateway.target).not.toHaveProperty('passedOn');
  });

  it.each([
    ['  red  ', 'red'],
    ['a\tb\x01c\x7fd', 'abcd'],
    ['a\r\nX-Evil: 1', 'aX-Evil: 1'],
    ['\x85\x9f', undefined],
    ['', undefined],
    ['x'.repeat(4096), 'x'.repeat(4096)],
    ['x'.repeat(4097), undefined],
    ['Köln', 'Köln'],
    [['a', 'b'], undefined],
  ])('cleans %j', (given, sent) => {
    const { passedOn } = targetOfCall(passing('x-tenant'), request({ 'x-tenant': given }));
    expect(passedOn?.['x-tenant']).toBe(sent);
  });

  it('gives X-Upstream-Authorization as Authorization', () => {
    const target = targetOfCall(
      passing('x-upstream-authorization'),
      request({ 'x-upstream-authorization': 'Bearer theirs' }),
    );
    expect(target.passedOn).toEqual({ authorization: 'Bearer theirs' });
  });

  it('keeps back what a guardrail took out, under the name by which it would go up', () => {
    const given = request({ 'x-upstream-authorization': 'Bearer theirs', 'x-tenant': 'red', 'x-trace': '1' });
    const gateway = passing('x-upstream-authorization', 'x-tenant', 'x-trace');
    const taken = { 'x-upstream-authorization': null, 'x-tenant': null };
    expect(targetOfCall(gateway, given, taken).passedOn).toEqual({ 'x-trace': '1' });
  });

  it.each(['x-upstream-authorization', 'x-tenant'])('keeps the caller’s own token here, even in %s', (name) => {
    for (const value of ['Bearer canary', 'canary', 'id=canary; x'])
      expect(
        targetOfCall(passing(name), request({ authorization: 'Bearer canary', [name]: value })).passedOn,
      ).toBeUndefined();
  });

  it.each(['x-tenant', 'keep-alive, X-Tenant', ['close', 'X-TENANT ']])(
    'keeps what belongs to the connection alone: %j',
    (connection) => {
      const given = request({ connection, 'x-tenant': 'red', 'x-trace': '1' });
      expect(targetOfCall(passing('x-tenant', 'x-trace'), given).passedOn).toEqual({ 'x-trace': '1' });
    },
  );
});
