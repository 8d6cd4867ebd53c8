import { demandDataKey, demandHeld, unwrappedDataKey, wrappedBytes } from '../data-key.js';
import { KeyBackend, type WrappedKey } from '../key-backend.js';
import { demandRoundTrip } from '../round-trip.js';
import { crc32c } from './crc32c.js';
import type { GcpClient } from './gcp-client.js';

const SETTING = 'GCP_KMS_KEY';

export interface GcpKey {
  /** `projects/…/cryptoKeys/…` */
  readonly key: string;
  readonly previous: readonly string[];
  /** Of the API. */
  readonly url: string;
}

/** Wraps with a symmetric key of Google Cloud KMS; the context is its additional authenticated data. */
export class GcpKmsBackend extends KeyBackend {
  constructor(
    private readonly client: GcpClient,
    private readonly key: GcpKey,
  ) {
    super();
  }

  async wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const body = { ...checked('plaintext', demandDataKey(dataKey)), ...bound(context) };
    const answer = await this.#ask(this.key.key, 'encrypt', body);
    // It has seen what was sent, and not what became of it on the way.
    const seen = answer['verifiedPlaintextCrc32c'] === true;
    if (!seen || answer['verifiedAdditionalAuthenticatedDataCrc32c'] !== true) throw this.client.unreadable();
    const ciphertext = this.client.bytes(answer, 'ciphertextCrc32c', 'ciphertext');
    return { keyId: this.key.key, wrapped: ciphertext.toString('base64url') };
  }

  async unwrap(key: WrappedKey, context: string): Promise<Buffer> {
    demandHeld(key.keyId, [this.key.key, ...this.key.previous], SETTING);
    const answer = await this.#ask(key.keyId, 'decrypt', {
      ...checked('ciphertext', wrappedBytes(key)),
      ...bound(context),
    });
    return unwrappedDataKey(this.client.bytes(answer, 'plaintextCrc32c', 'plaintext'));
  }

  check(): Promise<void> {
    return demandRoundTrip(this, SETTING);
  }

  #ask(key: string, does: 'encrypt' | 'decrypt', body: Record<string, string>) {
    return this.client.ask({ method: 'POST', url: `${this.key.url}/v1/${key}:${does}`, body, subject: SETTING });
  }
}

const bound = (context: string) => checked('additionalAuthenticatedData', Buffer.from(context));

/** Bytes as the API takes them, with their checksum. */
const checked = (name: string, bytes: Buffer): Record<string, string> => ({
  [name]: bytes.toString('base64'),
  [`${name}Crc32c`]: String(crc32c(bytes)),
});
