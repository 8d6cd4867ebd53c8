import { createHash, createPublicKey } from 'node:crypto';
import { crc32c } from '../../../vault/backends/gcp-kms/crc32c.js';
import type { GcpClient } from '../../../vault/backends/gcp-kms/gcp-client.js';
import { textOf } from '../../../vault/backends/member-of.js';
import { StoreError } from '../../../vault/backends/store-error.js';
import { CheckedSigner, hashOf, keyNamed, readReference, type WantedKey } from './checked-signer.js';
import { jwsSignature } from './jws-ecdsa.js';
import { REMOTE_ALGORITHMS } from './remote-key.settings.js';

const SUBJECT = 'JWT_REMOTE_KEY';
const VERSION = /^projects\/[\w:.-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+\/cryptoKeyVersions\/\d+$/;

/** Signs with a version of an asymmetric key of Google Cloud KMS. Its reference is `ES256:projects/…/cryptoKeyVersions/1`. */
export async function gcpSigner(client: GcpClient, wanted: WantedKey & { readonly url: string }) {
  const { algorithm, key } =
    wanted.reference === undefined
      ? { algorithm: wanted.algorithm, key: keyNamed(wanted) }
      : readReference(wanted.reference, REMOTE_ALGORITHMS);
  if (!VERSION.test(key))
    throw new StoreError('misconfigured', `${SUBJECT} must be projects/…/cryptoKeyVersions/… with JWT_SIGNER=gcp-kms`);
  const at = `${wanted.url}/v1/${key}`;
  const found = await client.ask({ method: 'GET', url: `${at}/publicKey`, subject: SUBJECT });
  const pem = textOf(found, () => client.unreadable(), 'pem');
  if (found['pemCrc32c'] !== String(crc32c(Buffer.from(pem)))) throw client.unreadable();
  const publicKey = createPublicKey(pem);
  return new CheckedSigner({ reference: `${algorithm}:${key}`, algorithm, publicKey }, async (input) => {
    const digest = createHash(hashOf(algorithm)).update(input).digest();
    const body = { digest: { [hashOf(algorithm)]: digest.toString('base64') }, digestCrc32c: String(crc32c(digest)) };
    const answer = await client.ask({ method: 'POST', url: `${at}:asymmetricSign`, body, subject: SUBJECT });
    if (answer['verifiedDigestCrc32c'] !== true) throw client.unreadable();
    return jwsSignature(algorithm, client.bytes(answer, 'signatureCrc32c', 'signature'));
  });
}
