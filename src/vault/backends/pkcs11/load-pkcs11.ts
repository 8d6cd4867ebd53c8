import { StoreError } from '../store-error.js';

/** What of the package pkcs11js is used. It is a peer that need not be there. */
export interface Pkcs11 {
  load(path: string): void;
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Buffer[];
  C_GetTokenInfo(slot: Buffer): { readonly label: string };
  C_OpenSession(slot: Buffer, flags: number): Buffer;
  C_Login(session: Buffer, userType: number, pin: string): void;
  C_FindObjectsInit(session: Buffer, template: readonly Attribute[]): void;
  C_FindObjects(session: Buffer, most: number): Buffer[];
  C_FindObjectsFinal(session: Buffer): void;
  C_EncryptInit(session: Buffer, mechanism: Mechanism, key: Buffer): void;
  C_EncryptAsync(session: Buffer, input: Buffer, output: Buffer): Promise<Buffer>;
  C_DecryptInit(session: Buffer, mechanism: Mechanism, key: Buffer): void;
  C_DecryptAsync(session: Buffer, input: Buffer, output: Buffer): Promise<Buffer>;
  close(): void;
}

interface Attribute {
  readonly type: number;
  readonly value: number | string;
}

interface Mechanism {
  readonly mechanism: number;
  readonly parameter: {
    readonly type: number;
    readonly iv: Buffer;
    readonly aad: Buffer;
    readonly ivBits: number;
    readonly tagBits: number;
  };
}

/** The package as it is imported. */
export interface Pkcs11Package {
  readonly PKCS11: new () => Pkcs11;
  readonly CKF_SERIAL_SESSION: number;
  readonly CKU_USER: number;
  readonly CKA_CLASS: number;
  readonly CKA_LABEL: number;
  readonly CKO_SECRET_KEY: number;
  readonly CKM_AES_GCM: number;
  readonly CK_PARAMS_AES_GCM: number;
}

/** @throws StoreError `misconfigured` where the package is not installed */
export async function loadPkcs11(name = 'pkcs11js'): Promise<Pkcs11Package> {
  try {
    const loaded = (await import(name)) as { readonly default?: Pkcs11Package } & Pkcs11Package;
    return loaded.default ?? loaded;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const text = `KEY_BACKEND=pkcs11 needs the package pkcs11js, which can't be loaded (${code}): npm install pkcs11js`;
    throw new StoreError('misconfigured', text);
  }
}
