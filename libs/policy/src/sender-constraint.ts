/** What whoever presents a credential must prove to hold (`cnf`, RFC 7800): each that is there. */
export interface TokenBinding {
  /** The SHA-256 thumbprint of the key of its DPoP proofs (RFC 9449 section 6.1), base64url. */
  readonly jkt?: string;
  /** The SHA-256 thumbprint of its client certificate (RFC 8705 section 3.1), base64url. */
  readonly x5t?: string;
}

export const SENDER_CONSTRAINTS = ['none', 'dpop', 'mtls', 'any'] as const;
/** To what credentials must be bound where they are used: a key, a client certificate, either. */
export type SenderConstraint = (typeof SENDER_CONSTRAINTS)[number];

/** Whether a credential of such a binding may be used there. That it was proven is asked of every request beforehand. */
export function meetsConstraint(constraint: SenderConstraint, { jkt, x5t }: TokenBinding = {}): boolean {
  switch (constraint) {
    case 'none':
      return true;
    case 'dpop':
      return jkt !== undefined;
    case 'mtls':
      return x5t !== undefined;
    case 'any':
      return jkt !== undefined || x5t !== undefined;
    default:
      // What a later build wrote is not known here.
      return false;
  }
}
