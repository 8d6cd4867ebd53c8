/** A data key as it is stored: wrapped, with the name of the key-encryption key that wrapped it. */
export interface WrappedKey {
  readonly keyId: string;
  /** Base64url, as long as the backend makes it. */
  readonly wrapped: string;
}

/** Holds key-encryption keys, which wrap the data keys that rows are sealed with. */
export abstract class KeyBackend {
  /**
   * @param dataKey 32 bytes
   * @param context bound into the wrapping, where the backend can; it is asked for again on {@link unwrap}
   */
  abstract wrap(dataKey: Buffer, context: string): Promise<WrappedKey>;
  /** Rejects when the key was changed, wrapped for another context, or with a key that is not held. */
  abstract unwrap(key: WrappedKey, context: string): Promise<Buffer>;
  /** Rejects, with a message for administrators, when the backend can't wrap and unwrap now. */
  abstract check(): Promise<void>;
}
