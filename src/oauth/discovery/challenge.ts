import { Configuration, customFetch, fetchProtectedResource, WWWAuthenticateChallengeError } from 'openid-client';

/** What an upstream says of the token that it wants (RFC 6750 section 3, RFC 9728 section 5.1). */
export interface Challenge {
  readonly resourceMetadata?: string | undefined;
  readonly scope?: string | undefined;
  readonly error?: string | undefined;
}

const NOWHERE = 'https://nowhere.invalid';

/** Reads a `WWW-Authenticate` header; what is no challenge for a bearer token says nothing. */
export async function readChallenge(header: string | undefined): Promise<Challenge> {
  if (header === undefined) return {};
  // The library reads challenges of answers alone.
  const configuration = new Configuration({ issuer: NOWHERE }, 'reader');
  configuration[customFetch] = () =>
    Promise.resolve(new Response(null, { status: 401, headers: { 'www-authenticate': header } }));
  try {
    await fetchProtectedResource(configuration, 'none', new URL(NOWHERE), 'GET');
  } catch (error) {
    const bearer =
      error instanceof WWWAuthenticateChallengeError
        ? error.cause.find(({ scheme }) => scheme === 'bearer')
        : undefined;
    const { resource_metadata: resourceMetadata, scope, error: code } = bearer?.parameters ?? {};
    return { resourceMetadata, scope, error: code };
  }
  return {};
}
