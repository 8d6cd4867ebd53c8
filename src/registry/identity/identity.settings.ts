import { choice, flag, list, text } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

export const IDENTITY_ATTRIBUTES = ['id', 'email', 'teams'] as const;

export class IdentitySettings extends settings('Identity propagation', {
  enabled: flag(
    'IDENTITY_PROPAGATION_ENABLED',
    false,
    'Tell upstreams who calls, where their gateway has `propagateIdentity`. While it is off nothing is said.',
  ),
  mode: choice(
    'IDENTITY_PROPAGATION_MODE',
    ['headers', 'jwt', 'both'],
    'both',
    'How: by plain headers, by a token of a minute that upstreams verify with `/.well-known/jwks.json`, or by both. A token needs an asymmetric JWT_ALGORITHM.',
  ),
  prefix: text(
    'IDENTITY_PROPAGATION_HEADER_PREFIX',
    'X-Forwarded-User',
    'What the names of the headers begin with; `-Id`, `-Email`, `-Teams` and `-Token` follow. What callers send under it goes to no upstream.',
    { pattern: /^X-[A-Za-z0-9-]{1,60}$/i },
  ),
  attributes: list(
    'IDENTITY_PROPAGATION_ATTRIBUTES',
    ['id', 'teams'],
    'What is said of a caller: `id`, `email`, `teams`. Callers without an account are known by `email` alone.',
    (item) =>
      (IDENTITY_ATTRIBUTES as readonly string[]).includes(item)
        ? undefined
        : `is none of ${IDENTITY_ATTRIBUTES.join(', ')}`,
  ),
}) {
  /** Whether callers must not send a header, since we may. @param name in lower case */
  reserves(name: string): boolean {
    return this.enabled && name.startsWith(this.prefix.toLowerCase());
  }
}
