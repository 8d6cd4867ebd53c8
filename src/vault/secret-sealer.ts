/** The place a sealed value lives; a value moved to another place does not open. */
export interface SealedAt {
  readonly table: string;
  readonly row: string;
  readonly column: string;
}

/** Seals what is stored: credentials of upstreams, OAuth secrets, signing keys. */
export abstract class SecretSealer {
  abstract seal(plaintext: string, at: SealedAt): Promise<string>;
  /** Rejects when the value was changed, moved, or sealed with a key that is not held. */
  abstract open(sealed: string, at: SealedAt): Promise<string>;
}
