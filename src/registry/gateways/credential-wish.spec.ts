import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../http/errors.js';
import { type Credential, credentialHeaders, MASK } from './credential.js';
import { credentialFrom, type CredentialWish, wishesCredential } from './credential-wish.js';
import { publicNames } from './public-names.js';

const BASIC: Credential = { type: 'basic', username: 'ann', password: 'first password' };
const HEADERS: Credential = {
  type: 'authheaders',
  headers: [
    { key: 'X-Api-Key', value: 'key one' },
    { key: 'X-Tenant', value: 'blue' },
  ],
};

const CASES: readonly (readonly [wish: CredentialWish, credential: Credential])[] = [
  [{}, { type: 'none' }],
  [{ authType: 'basic', authUsername: 'ann', authPassword: 'first password' }, BASIC],
  [
    { authType: 'bearer', authToken: 'a token' },
    { type: 'bearer', token: 'a token' },
  ],
  [{ authType: 'authheaders', authHeaders: HEADERS.headers }, HEADERS],
  [
    { authType: 'authheaders', authHeaderKey: 'X-Api-Key', authHeaderValue: 'key one' },
    { type: 'authheaders', headers: [{ key: 'X-Api-Key', value: 'key one' }] },
  ],
];

const MISTAKES: readonly (readonly [field: string, wish: CredentialWish])[] = [
  ['authToken', { authType: 'bearer' }],
  ['authToken', { authType: 'bearer', authToken: MASK }],
  ['authPassword', { authType: 'basic', authUsername: 'ann' }],
  ['authHeaders', { authType: 'authheaders', authHeaders: [] }],
  [
    'authHeaders',
    {
      authType: 'authheaders',
      authHeaders: [
        { key: 'X-A', value: 'one' },
        { key: 'x-a', value: 'two' },
      ],
    },
  ],
  ['authHeaders', { authType: 'authheaders', authHeaders: [{ key: 'X-A', value: MASK }] }],
  ['authHeaderValue', { authType: 'authheaders', authHeaderKey: 'X-A' }],
  ['authToken', { authToken: 'a token without its type' }],
  ['authPassword', { authType: 'bearer', authToken: 'a token', authPassword: 'x' }],
];

describe(credentialFrom.name, () => {
  it.each(CASES)('reads %j', (wish, credential) => {
    expect(credentialFrom(wish)).toEqual(credential);
  });

  it.each(MISTAKES)('names the field %s', (field, wish) => {
    expect(() => credentialFrom(wish)).toThrow(
      expect.objectContaining({ status: 422, detail: [expect.objectContaining({ loc: ['body', field] })] }),
    );
  });

  it('keeps what is masked or left out', () => {
    expect(credentialFrom({ authUsername: 'bob', authPassword: MASK }, BASIC)).toEqual({ ...BASIC, username: 'bob' });
    const changed = credentialFrom(
      {
        authHeaders: [
          { key: 'x-api-key', value: MASK },
          { key: 'X-New', value: 'n' },
        ],
      },
      HEADERS,
    );
    expect(changed).toMatchObject({
      headers: [
        { key: 'x-api-key', value: 'key one' },
        { key: 'X-New', value: 'n' },
      ],
    });
  });

  it('never falls back to no credential when the stored one may not be kept', () => {
    expect(() => credentialFrom({}, undefined, 'bearer')).toThrow(GatewayError);
    expect(credentialFrom({ authType: 'none' }, undefined, 'bearer')).toEqual({ type: 'none' });
  });

  it('does not carry a secret over to another type', () => {
    expect(() => credentialFrom({ authType: 'bearer', authToken: MASK }, BASIC)).toThrow(GatewayError);
  });
});

describe(wishesCredential.name, () => {
  it.each([{}, { authToken: MASK }, { authType: 'bearer' as const, authToken: MASK }])(
    'takes %j for "keep"',
    (wish) => {
      expect(wishesCredential(wish, 'bearer')).toBe(false);
    },
  );

  it.each([{ authToken: 'new' }, { authType: 'none' as const }, { authHeaders: [] }])(
    'takes %j for a change',
    (wish) => {
      expect(wishesCredential(wish, 'bearer')).toBe(true);
    },
  );
});

describe(credentialHeaders.name, () => {
  it('makes the header of each type', () => {
    expect(credentialHeaders({ type: 'none' })).toEqual({});
    expect(credentialHeaders({ type: 'bearer', token: 't' })).toEqual({ authorization: 'Bearer t' });
    expect(credentialHeaders(BASIC)).toEqual({ authorization: 'Basic YW5uOmZpcnN0IHBhc3N3b3Jk' });
    expect(credentialHeaders(HEADERS)).toEqual({ 'x-api-key': 'key one', 'x-tenant': 'blue' });
  });
});

describe(publicNames.name, () => {
  it('holds no secret', () => {
    expect(publicNames(BASIC)).toEqual(['ann']);
    expect(publicNames(HEADERS)).toEqual(['X-Api-Key', 'X-Tenant']);
    expect(publicNames({ type: 'bearer', token: 't' })).toEqual([]);
  });
});
