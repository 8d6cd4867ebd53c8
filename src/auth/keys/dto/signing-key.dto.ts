export class SigningKeyDto {
  kid: string;
  algorithm: string;
  /** `announced` is published and verifies, `signs` signs, `verifies` did. */
  state: 'announced' | 'signs' | 'verifies';
  /** When it stops signing, or did; null while nothing follows it. */
  retired_at: string | null;
  /** When it verifies nothing any more. */
  ends_at: string | null;
}

export class SigningKeysDto {
  keys: SigningKeyDto[];
}
