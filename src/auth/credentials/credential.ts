/** What a request brought to say who is calling; never more than one. */
export type Credential =
  | { readonly source: 'bearer' | 'dpop' | 'cookie'; readonly token: string }
  /** The configured pair, checked. */
  | { readonly source: 'basic' }
  /** Named by a trusted proxy, or by a plugin. */
  | { readonly source: 'proxy' | 'plugin'; readonly email: string }
  | { readonly source: 'none' };
