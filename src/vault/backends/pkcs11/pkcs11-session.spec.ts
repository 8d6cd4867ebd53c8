import { expect, it } from 'vitest';
import { settingsOf } from '../../../../test/fixtures/settings-of.js';
import type { Pkcs11, Pkcs11Package } from './load-pkcs11.js';
import { Pkcs11Session } from './pkcs11-session.js';
import { Pkcs11Settings } from './pkcs11.settings.js';

const LABEL = 'portcullis';
const JOB = { key: 'data-keys', iv: Buffer.alloc(12), associated: Buffer.alloc(0), input: Buffer.alloc(32) };

/** A token that forgets its sessions so many times. */
function forgetful(times: number): { readonly names: Pkcs11Package; sessions: number } {
  const seen = { sessions: 0 };
  const library: Pkcs11 = {
    load: () => undefined,
    C_Initialize: () => undefined,
    C_Finalize: () => undefined,
    C_GetSlotList: () => [Buffer.alloc(1)],
    C_GetTokenInfo: () => ({ label: LABEL }),
    C_OpenSession: () => Buffer.from([(seen.sessions += 1)]),
    C_Login: () => undefined,
    C_FindObjectsInit: () => undefined,
    C_FindObjects: () => [Buffer.alloc(1)],
    C_FindObjectsFinal: () => undefined,
    C_EncryptInit: ([session = 0]) => {
      if (session <= times) throw new Error('CKR_SESSION_HANDLE_INVALID:179');
    },
    C_EncryptAsync: (_, input) => Promise.resolve(input),
    C_DecryptInit: () => undefined,
    C_DecryptAsync: (_, input) => Promise.resolve(input),
    close: () => undefined,
  };
  const codes = { CKF_SERIAL_SESSION: 4, CKU_USER: 1, CKA_CLASS: 0, CKA_LABEL: 3, CKO_SECRET_KEY: 4 };
  const PKCS11 = function () {
    return library;
  } as unknown as Pkcs11Package['PKCS11'];
  return Object.assign(seen, { names: { PKCS11, ...codes, CKM_AES_GCM: 4231, CK_PARAMS_AES_GCM: 1 } });
}

function sessionAt(names: Pkcs11Package): Pkcs11Session {
  const settings = settingsOf(Pkcs11Settings, {
    PKCS11_MODULE: '/module.so',
    PKCS11_TOKEN_LABEL: LABEL,
    PKCS11_PIN: 'a-test-fixture',
  });
  return new Pkcs11Session(settings, 5000, () => Promise.resolve(names));
}

it('gets by with a session that the token has forgotten', async () => {
  const token = forgetful(1);
  expect(await sessionAt(token.names).encrypt(JOB)).toEqual(JOB.input);
  expect(token.sessions).toBe(2);
});

it('gives a token up that forgets everything', async () => {
  const token = forgetful(10);
  await expect(sessionAt(token.names).encrypt(JOB)).rejects.toMatchObject({ reason: 'unreachable' });
  expect(token.sessions).toBe(2);
});
