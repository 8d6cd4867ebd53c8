import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { demandDataKey, demandHeld, unwrappedDataKey, wrappedBytes } from '../data-key.js';
import { KeyBackend, type WrappedKey } from '../key-backend.js';
import { demandRoundTrip } from '../round-trip.js';
import { StoreError } from '../store-error.js';
import type { AwsClient } from './aws-client.js';

const SETTING = 'AWS_KMS_KEY_ID';

export interface AwsKey {
  /** ARN or id. */
  readonly key: string;
  readonly previous: readonly string[];
  readonly endpoint: string | undefined;
}

/** Wraps with a symmetric key of AWS KMS; the context is its encryption context. */
export class AwsKmsBackend extends KeyBackend {
  readonly #kms: KMSClient;

  constructor(
    private readonly client: AwsClient,
    private readonly key: AwsKey,
  ) {
    super();
    this.#kms = new KMSClient(client.config(key.endpoint));
  }

  async wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const { key } = this.key;
    const command = new EncryptCommand({
      KeyId: key,
      Plaintext: demandDataKey(dataKey),
      EncryptionContext: { portcullis: context },
    });
    const { CiphertextBlob } = await this.client.ask(this.#kms.send(command), SETTING);
    if (!CiphertextBlob || CiphertextBlob.length === 0) throw this.client.unreadable();
    return { keyId: key, wrapped: Buffer.from(CiphertextBlob).toString('base64url') };
  }

  async unwrap(wrapped: WrappedKey, context: string): Promise<Buffer> {
    const { key, previous } = this.key;
    demandHeld(wrapped.keyId, [key, ...previous], SETTING);
    const command = new DecryptCommand({
      KeyId: wrapped.keyId,
      CiphertextBlob: wrappedBytes(wrapped),
      EncryptionContext: { portcullis: context },
    });
    const { Plaintext } = await this.client.ask(this.#kms.send(command), SETTING);
    if (!Plaintext) throw new StoreError('invalid_answer', 'AWS unwrapped nothing');
    return unwrappedDataKey(Buffer.from(Plaintext));
  }

  check(): Promise<void> {
    return demandRoundTrip(this, SETTING);
  }
}
