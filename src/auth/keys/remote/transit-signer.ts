import { createPublicKey, type KeyObject } from 'node:crypto';
import { isJsonObject } from '#libs/mcp';
import { textOf } from '../../../vault/backends/member-of.js';
import type { VaultClient } from '../../../vault/backends/vault-transit/vault-client.js';
import { CheckedSigner, hashOf, keyNamed, readReference, type WantedKey } from './checked-signer.js';
import { REMOTE_ALGORITHMS } from './remote-key.settings.js';

const SUBJECT = 'JWT_REMOTE_KEY';

/** Signs with a version of a key of the transit engine of Vault or OpenBao. Its reference is `ES256:<version>:<name>`. */
export async function transitSigner(client: VaultClient, wanted: WantedKey & { readonly mount: string }) {
  const mount = wanted.mount.split('/');
  const before = wanted.reference === undefined ? undefined : readReference(wanted.reference, REMOTE_ALGORITHMS);
  const algorithm = before?.algorithm ?? wanted.algorithm;
  const [version, name] = before ? splitOnce(before.key) : [undefined, keyNamed(wanted)];
  const data = await client.ask({ method: 'GET', path: [...mount, 'keys', name], subject: SUBJECT });
  const found = version ?? String(data['latest_version']);
  const publicKey = publicKeyIn(data, found, () => client.unreadable());
  const reference = `${algorithm}:${found}:${name}`;
  return new CheckedSigner({ reference, algorithm, publicKey }, async (input) => {
    const answer = await client.ask({
      method: 'POST',
      path: [...mount, 'sign', name],
      body: {
        input: input.toString('base64'),
        key_version: Number(found),
        hash_algorithm: hashOf(algorithm).replace('sha', 'sha2-'),
        marshaling_algorithm: 'jws',
        ...(algorithm.startsWith('RS') && { signature_algorithm: 'pkcs1v15' }),
        ...(algorithm.startsWith('PS') && { signature_algorithm: 'pss', salt_length: 'hash' }),
      },
      subject: SUBJECT,
    });
    // `vault:v1:…`
    const signature = textOf(answer, () => client.unreadable(), 'signature');
    return Buffer.from(signature.slice(signature.lastIndexOf(':') + 1), 'base64url');
  });
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(':');
  return [text.slice(0, at), text.slice(at + 1)];
}

function publicKeyIn(data: Parameters<typeof textOf>[0], version: string, fault: () => Error): KeyObject {
  if (!isJsonObject(data['keys'])) throw fault();
  const pem = textOf(data, fault, 'keys', version, 'public_key');
  try {
    return createPublicKey(pem);
  } catch {
    throw fault();
  }
}
