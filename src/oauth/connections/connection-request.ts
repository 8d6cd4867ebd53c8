import type { ServerMetadata } from 'openid-client';

/** What was asked of an authorization server: it has to be answered by the same, and for the same. */
export interface ConnectionRequest {
  readonly server: Pick<
    ServerMetadata,
    | 'issuer'
    | 'token_endpoint'
    | 'token_endpoint_auth_methods_supported'
    | 'authorization_response_iss_parameter_supported'
  >;
  readonly clientId: string;
  /** The one that the answer has to come to. */
  readonly redirectUri: string;
  readonly verifier: string;
  readonly scopes: string;
  readonly resource: string | null;
  readonly upstreamUrl: string;
}

export function recorded(server: ServerMetadata): ConnectionRequest['server'] {
  const {
    issuer,
    token_endpoint: token,
    token_endpoint_auth_methods_supported: methods,
    authorization_response_iss_parameter_supported: iss,
  } = server;
  return {
    issuer,
    ...(token !== undefined && { token_endpoint: token }),
    ...(methods && { token_endpoint_auth_methods_supported: methods }),
    ...(iss !== undefined && { authorization_response_iss_parameter_supported: iss }),
  };
}
