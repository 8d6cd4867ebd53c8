/** The place a sealed value lives; a value moved to another place does not open. */
export interface SealedAt {
  readonly table: string;
  readonly row: string;
  readonly column: string;
}

/**
 * Seals what is stored: credentials of upstreams, OAuth secrets, signing keys. Both may ask the database and the key backend:
 * never inside a unit of work. What is sealed is to be stored at once, in a column marked `@SealedColumn`: after
 * KEY_RETIREMENT_SECONDS its key may be gone.
 */
export abstract class SecretSealer {
  /** @throws GatewayError `keys_unavailable` when the key can't be had */
  abstract seal(plaintext: string, at: SealedAt): Promise<string>;
  /**
   * @throws SealError when the value was changed, moved, or sealed with a key that is not held
   * @throws GatewayError `keys_unavailable` when the key can't be had now
   */
  abstract open(sealed: string, at: SealedAt): Promise<string>;
}
