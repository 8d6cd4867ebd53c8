import { KeyRing, SealError, Sealer } from '#libs/sealing';
import { demandDataKey, unwrappedDataKey, wrappedBytes } from '../data-key.js';
import { KeyBackend, type WrappedKey } from '../key-backend.js';
import { demandRoundTrip } from '../round-trip.js';
import { StoreError } from '../store-error.js';
import { type KeyLine, readKeyLines } from './read-key-lines.js';

const SETTING = 'KEY_FILE_PATH';

/** Wraps with the first key of a file, which is read at the start; its other keys unwrap. */
export class FileBackend extends KeyBackend {
  readonly #current: string;
  readonly #sealers: ReadonlyMap<string, Sealer>;

  /** @throws StoreError `misconfigured` when the file can't be used */
  constructor(path: string | undefined) {
    super();
    const keys = keysIn(path);
    this.#current = keys[0]?.id ?? '';
    this.#sealers = new Map(keys.map(({ id, key }) => [id, new Sealer(KeyRing.fromSecret(key, `key-file/${id}`))]));
  }

  async wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const sealed = this.#sealer(this.#current).seal(demandDataKey(dataKey), [context]);
    return { keyId: this.#current, wrapped: Buffer.from(sealed).toString('base64url') };
  }

  async unwrap(key: WrappedKey, context: string): Promise<Buffer> {
    const sealer = this.#sealer(key.keyId);
    try {
      return unwrappedDataKey(sealer.open(wrappedBytes(key).toString('utf8'), [context]));
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      throw new StoreError('refused', 'A data key was changed, moved, or wrapped with another key of the same id');
    }
  }

  check(): Promise<void> {
    return demandRoundTrip(this, SETTING);
  }

  #sealer(id: string): Sealer {
    const sealer = this.#sealers.get(id);
    if (!sealer) throw new StoreError('misconfigured', `${SETTING} names a file without the key ${id}`);
    return sealer;
  }
}

function keysIn(path: string | undefined): readonly KeyLine[] {
  if (path === undefined) throw new StoreError('misconfigured', `${SETTING} is required with KEY_BACKEND=file`);
  try {
    return readKeyLines(path);
  } catch (error) {
    throw new StoreError('misconfigured', `${SETTING} ${(error as Error).message}`);
  }
}
