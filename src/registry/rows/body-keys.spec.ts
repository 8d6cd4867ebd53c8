import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../http/errors.js';
import { normaliseBodyKeys } from './body-keys.js';

describe(normaliseBodyKeys.name, () => {
  it('takes both spellings, at the top only', () => {
    const headers = [{ some_key: 'x' }];
    expect(normaliseBodyKeys({ auth_headers: headers, teamId: 't' })).toEqual({ authHeaders: headers, teamId: 't' });
  });

  it('unwraps a body and keeps what stands beside the wrapper', () => {
    expect(normaliseBodyKeys({ server: { name: 'a' }, team_id: 't' }, 'server')).toEqual({ name: 'a', teamId: 't' });
    expect(normaliseBodyKeys({ name: 'a' }, 'server')).toEqual({ name: 'a' });
  });

  it('takes null as left out', () => {
    expect(normaliseBodyKeys({ name: 'a', team_id: null })).toEqual({ name: 'a' });
  });

  it.each([
    { team_id: 'a', teamId: 'b' },
    { server: { name: 'a' }, name: 'b' },
  ])('refuses a member given twice: %j', (body) => {
    expect(() => normaliseBodyKeys(body, 'server')).toThrow(GatewayError);
  });

  it('drops __proto__', () => {
    const body = normaliseBodyKeys(JSON.parse('{"__proto__":{"isAdmin":true},"name":"a"}')) as { isAdmin?: boolean };
    expect(body).toEqual({ name: 'a' });
    expect(body.isAdmin).toBeUndefined();
  });

  it.each([undefined, 'text', [1]])('leaves %j to the validation', (body) => {
    expect(normaliseBodyKeys(body)).toBe(body);
  });
});
