import { GetPublicKeyCommand, KMSClient, SignCommand, type SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { createHash, createPublicKey } from 'node:crypto';
import type { AwsClient } from '../../../vault/backends/aws-kms/aws-client.js';
import { CheckedSigner, hashOf, keyNamed, readReference, type WantedKey } from './checked-signer.js';
import { jwsSignature } from './jws-ecdsa.js';
import { REMOTE_ALGORITHMS, type RemoteAlgorithm } from './remote-key.settings.js';

const SUBJECT = 'JWT_REMOTE_KEY';
const FAMILIES: Readonly<Record<string, string>> = { ES: 'ECDSA', RS: 'RSASSA_PKCS1_V1_5', PS: 'RSASSA_PSS' };

/** Signs with an asymmetric key of AWS KMS. Its reference is `ES256:<ARN or id>`. */
export async function awsSigner(client: AwsClient, wanted: WantedKey & { readonly endpoint: string | undefined }) {
  const kms = new KMSClient(client.config(wanted.endpoint));
  const { algorithm, key } =
    wanted.reference === undefined
      ? { algorithm: wanted.algorithm, key: keyNamed(wanted) }
      : readReference(wanted.reference, REMOTE_ALGORITHMS);
  const { PublicKey } = await client.ask(kms.send(new GetPublicKeyCommand({ KeyId: key })), SUBJECT);
  if (!PublicKey) throw client.unreadable();
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  return new CheckedSigner({ reference: `${algorithm}:${key}`, algorithm, publicKey }, async (input) => {
    const command = new SignCommand({
      KeyId: key,
      Message: createHash(hashOf(algorithm)).update(input).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: specOf(algorithm),
    });
    const { Signature } = await client.ask(kms.send(command), SUBJECT);
    if (!Signature) throw client.unreadable();
    return jwsSignature(algorithm, Buffer.from(Signature));
  });
}

const specOf = (algorithm: RemoteAlgorithm): SigningAlgorithmSpec =>
  `${FAMILIES[algorithm.slice(0, 2)]}_SHA_${algorithm.slice(2)}` as SigningAlgorithmSpec;
