import { loadPkcs11, type Pkcs11, type Pkcs11Package } from './load-pkcs11.js';
import { StoreError } from '../store-error.js';
import type { Pkcs11Settings } from './pkcs11.settings.js';

const TAG_BITS = 128;
const MOST_BYTES = 1024;
const MOST_SLOTS = 256;

export interface GcmJob {
  readonly key: string;
  readonly iv: Buffer;
  readonly associated: Buffer;
  readonly input: Buffer;
}

/** One session with a token: opened and logged in when it is first needed, and used for one thing at a time, as PKCS #11 wants it. */
export class Pkcs11Session {
  #opened: Promise<Opened> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param load for another package of the same shape */
  constructor(
    private readonly settings: Pkcs11Settings,
    private readonly timeoutMs: number,
    private readonly load: () => Promise<Pkcs11Package> = loadPkcs11,
  ) {}

  encrypt(job: GcmJob): Promise<Buffer> {
    return this.#run(job, 'C_EncryptInit', 'C_EncryptAsync');
  }

  /** @throws StoreError `refused` for what is not authentic */
  decrypt(job: GcmJob): Promise<Buffer> {
    return this.#run(job, 'C_DecryptInit', 'C_DecryptAsync');
  }

  /** Ends the session, for those who open several. */
  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    this.#opened = undefined;
    if (opened) end(opened.library);
  }

  #run(job: GcmJob, init: 'C_EncryptInit' | 'C_DecryptInit', does: 'C_EncryptAsync' | 'C_DecryptAsync') {
    const result = this.#last.then(async () => {
      // A token that was away needs another session.
      try {
        return await this.#once(job, init, does);
      } catch (error) {
        if (faultOf(error).reason !== 'unreachable') throw error;
        return this.#once(job, init, does);
      }
    });
    this.#last = result.catch(() => undefined);
    return this.#within(result);
  }

  async #once(job: GcmJob, init: 'C_EncryptInit' | 'C_DecryptInit', does: 'C_EncryptAsync' | 'C_DecryptAsync') {
    const opened = await (this.#opened ??= this.#open());
    const { library, names, session } = opened;
    const parameter = {
      type: names.CK_PARAMS_AES_GCM,
      iv: job.iv,
      ivBits: job.iv.length * 8,
      aad: job.associated,
      tagBits: TAG_BITS,
    };
    try {
      const key = keyOf(opened, job.key);
      library[init](session, { mechanism: names.CKM_AES_GCM, parameter }, key);
      return await library[does](session, job.input, Buffer.alloc(MOST_BYTES));
    } catch (error) {
      const fault = faultOf(error);
      if (fault.reason === 'unreachable') await this.close();
      throw fault;
    }
  }

  async #open(): Promise<Opened> {
    const { module, token, pin } = this.settings;
    if (module === undefined || token === undefined || !pin)
      throw new StoreError('misconfigured', 'PKCS11_MODULE, PKCS11_TOKEN_LABEL and PKCS11_PIN are required');
    const names = await this.load().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    const library = new names.PKCS11();
    try {
      library.load(module);
      library.C_Initialize();
      const slot = library
        .C_GetSlotList(true)
        .slice(0, MOST_SLOTS)
        .find((each) => library.C_GetTokenInfo(each).label.trim() === token);
      if (!slot) throw new StoreError('missing', 'PKCS11_MODULE has no token of the label in PKCS11_TOKEN_LABEL');
      const session = library.C_OpenSession(slot, names.CKF_SERIAL_SESSION);
      library.C_Login(session, names.CKU_USER, pin.reveal());
      return { library, names, session };
    } catch (error) {
      this.#opened = undefined;
      end(library);
      throw faultOf(error);
    }
  }

  /** The call itself can't be broken off; nobody waits for it longer. */
  async #within<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const fault = new StoreError('unreachable', 'The token of PKCS11_MODULE took longer than KEY_STORE_TIMEOUT_MS');
      timer = setTimeout(() => reject(fault), this.timeoutMs);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }
}

/** What was never begun can't be ended, which does not matter here. */
function end(library: Pkcs11): void {
  for (const step of [() => library.C_Finalize(), () => library.close()]) {
    try {
      step();
    } catch {
      continue;
    }
  }
}

interface Opened {
  readonly library: Pkcs11;
  readonly names: Pkcs11Package;
  readonly session: Buffer;
}

function keyOf({ library, names, session }: Opened, label: string): Buffer {
  library.C_FindObjectsInit(session, [
    { type: names.CKA_CLASS, value: names.CKO_SECRET_KEY },
    { type: names.CKA_LABEL, value: label },
  ]);
  const found = library.C_FindObjects(session, 2);
  library.C_FindObjectsFinal(session);
  const [key] = found;
  if (key && found.length === 1) return key;
  const what = key ? 'more than one key' : 'no key';
  throw new StoreError('missing', `The token of PKCS11_TOKEN_LABEL has ${what} of the label in PKCS11_KEY_LABEL`);
}

/** CKR_ codes: what the token says of the input, of the PIN, and everything else. */
const ABOUT_INPUT = /^CKR_(GENERAL_ERROR|ENCRYPTED_DATA|DATA_|SIGNATURE_|AEAD_)/;

function faultOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const said = error instanceof Error ? error.message : '';
  const code = /CKR_\w+/.exec(said)?.[0] ?? 'no code';
  if (code.startsWith('CKR_PIN_') || code === 'CKR_USER_PIN_NOT_INITIALIZED')
    return new StoreError('misconfigured', `The token refuses PKCS11_PIN (${code})`);
  if (ABOUT_INPUT.test(code)) return new StoreError('refused', `The token does not decrypt a data key (${code})`);
  return new StoreError('unreachable', `The token of PKCS11_MODULE can't be used (${code})`);
}
