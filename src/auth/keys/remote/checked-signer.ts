import { constants, type KeyObject, verify } from 'node:crypto';
import { StoreError } from '../../../vault/backends/store-error.js';
import { keyFault } from '../jwt-algorithm.js';
import { RemoteSigner } from '../remote-signer.js';
import type { RemoteAlgorithm } from './remote-key.settings.js';

/** What a maker of signers needs to know of the key. */
export interface WantedKey {
  /** As JWT_REMOTE_KEY has it. */
  readonly key: string | undefined;
  readonly algorithm: RemoteAlgorithm;
  /** Of a signer that was made before. */
  readonly reference: string | undefined;
}

export interface FoundKey {
  readonly reference: string;
  readonly algorithm: RemoteAlgorithm;
  readonly publicKey: KeyObject;
}

/** A remote signer none of whose signatures is passed on that its own public key does not verify. */
export class CheckedSigner extends RemoteSigner {
  readonly reference: string;
  readonly algorithm: RemoteAlgorithm;
  readonly publicKey: KeyObject;

  /**
   * @param signed asks the store; what it gives is in the form that JWS wants
   * @throws StoreError `misconfigured` when the key is not for the algorithm
   */
  constructor(
    { reference, algorithm, publicKey }: FoundKey,
    private readonly signed: (input: Buffer) => Promise<Buffer>,
  ) {
    super();
    this.reference = reference;
    this.algorithm = algorithm;
    this.publicKey = publicKey;
    const fault = keyFault(algorithm, publicKey);
    if (fault !== undefined) throw new StoreError('misconfigured', `JWT_REMOTE_KEY ${fault}; see JWT_REMOTE_ALGORITHM`);
  }

  async sign(input: Buffer): Promise<Buffer> {
    const signature = await this.signed(input);
    if (this.#verifies(input, signature)) return signature;
    throw new StoreError(
      'invalid_answer',
      'The key of JWT_REMOTE_KEY gave a signature that its public key does not verify',
    );
  }

  #verifies(input: Buffer, signature: Buffer): boolean {
    const padding = this.algorithm.startsWith('PS') ? constants.RSA_PKCS1_PSS_PADDING : undefined;
    const key = {
      key: this.publicKey,
      dsaEncoding: 'ieee-p1363' as const,
      ...(padding !== undefined && { padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
    };
    return verify(hashOf(this.algorithm), input, key, signature);
  }
}

/** As `node:crypto` names it. */
export const hashOf = (algorithm: RemoteAlgorithm): 'sha256' | 'sha384' | 'sha512' =>
  `sha${algorithm.slice(2)}` as 'sha256' | 'sha384' | 'sha512';

/** @throws StoreError `misconfigured` when the settings name no key */
export function keyNamed(wanted: WantedKey): string {
  if (wanted.key !== undefined) return wanted.key;
  throw new StoreError('misconfigured', 'JWT_REMOTE_KEY is required for a signer in a store');
}

/**
 * The algorithm and key of a reference, which is `ES256:name`.
 * @throws StoreError `misconfigured` for one that no signer of ours gave
 */
export function readReference(
  reference: string,
  known: readonly RemoteAlgorithm[],
): { algorithm: RemoteAlgorithm; key: string } {
  const at = reference.indexOf(':');
  const algorithm = known.find((each) => each === reference.slice(0, at));
  if (!algorithm) throw new StoreError('misconfigured', 'The reference of a signing key is none of this build');
  return { algorithm, key: reference.slice(at + 1) };
}
