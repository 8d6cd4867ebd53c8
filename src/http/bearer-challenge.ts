import type { Permission, Principal } from '#libs/policy';

/** A virtual server as a challenge speaks of it. */
export interface ChallengedResource {
  /** The URL of its document (RFC 9728); undefined where there is none for everybody. */
  readonly metadataUrl: string | undefined;
  /** The scopes that grant these permissions, in the words of an issuer; none where its issuers differ. */
  scopesFor(permissions: readonly Permission[], issuer?: string): readonly string[];
}

type Parameters = Readonly<Record<string, string | undefined>>;

/** The value of `WWW-Authenticate` (RFC 6750 section 3): what is empty is left out, what a header can't hold becomes `?`. */
export const bearerChallenge = (parameters: Parameters): string => challenge('Bearer', parameters);

/** The same of RFC 9449 section 7.1. */
export const dpopChallenge = (parameters: Parameters): string => challenge('DPoP', parameters);

function challenge(scheme: string, parameters: Parameters): string {
  const shown = Object.entries(parameters).flatMap(([name, value]) => (value ? [`${name}="${quoted(value)}"`] : []));
  return shown.length > 0 ? `${scheme} ${shown.join(', ')}` : scheme;
}

/** What to answer a token that grants less than these permissions: all of them, so that one more consent is enough. */
export function insufficientScope(
  resource: ChallengedResource | undefined,
  permissions: readonly Permission[],
  { external }: Pick<Principal, 'external'>,
): string {
  const scopes = external && resource ? resource.scopesFor(permissions, external.issuer) : permissions;
  return bearerChallenge({
    error: 'insufficient_scope',
    scope: scopes.join(' '),
    resource_metadata: resource?.metadataUrl,
  });
}

const quoted = (value: string): string => value.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, String.raw`\$&`);
