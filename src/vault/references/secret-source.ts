/** Where a reference to a secret leads: a store of secrets that the operator keeps elsewhere. */
export abstract class SecretSource {
  /** Of the references that it reads, with the colon: `vault:`. */
  abstract readonly scheme: string;
  /** Rejects, without the secret in the message, when it is not there or the store does not answer. */
  abstract read(reference: URL): Promise<string>;
}
