import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isJsonObject, type JsonObject } from '#libs/mcp';
import type { AzureClient } from '../../../vault/backends/azure-key-vault/azure-client.js';
import { CheckedSigner, hashOf, keyNamed, readReference, type WantedKey } from './checked-signer.js';
import { REMOTE_ALGORITHMS } from './remote-key.settings.js';

const SUBJECT = 'JWT_REMOTE_KEY';

/** Signs with a version of a key of an Azure Key Vault. Its reference is `ES256:<name>/<version>`. */
export async function azureSigner(client: AzureClient, wanted: WantedKey) {
  const { algorithm, key } =
    wanted.reference === undefined
      ? { algorithm: wanted.algorithm, key: `${keyNamed(wanted)}/` }
      : readReference(wanted.reference, REMOTE_ALGORITHMS);
  const found = await client.ask({ method: 'GET', path: ['keys', ...key.split('/')], subject: SUBJECT });
  const version = client.text(found, 'key', 'kid').split('/').slice(-2);
  const publicKey = publicKeyIn(found, () => client.unreadable());
  return new CheckedSigner({ reference: `${algorithm}:${version.join('/')}`, algorithm, publicKey }, async (input) => {
    const value = createHash(hashOf(algorithm)).update(input).digest('base64url');
    const path = ['keys', ...version, 'sign'];
    const answer = await client.ask({ method: 'POST', path, body: { alg: algorithm, value }, subject: SUBJECT });
    return Buffer.from(client.text(answer, 'value'), 'base64url');
  });
}

/** A key of an HSM is of the type `EC-HSM` or `RSA-HSM`. */
function publicKeyIn({ key }: JsonObject, fault: () => Error): KeyObject {
  if (!isJsonObject(key)) throw fault();
  const { kty, crv, x, y, n, e } = key as JsonWebKey;
  try {
    const members = { kty: String(kty).replace(/-HSM$/, ''), crv, x, y, n, e };
    const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
    return createPublicKey({ key: given, format: 'jwk' });
  } catch {
    throw fault();
  }
}
