import { SERVICE_PROVIDER_CONFIG } from './schema-urns.js';

const unsupported = { supported: false };

/** What of SCIM there is (RFC 7643 section 5). @param base of all resources */
export const serviceProviderConfig = (base: string): object => ({
  schemas: [SERVICE_PROVIDER_CONFIG],
  patch: { supported: true },
  bulk: { ...unsupported, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 200 },
  changePassword: unsupported,
  sort: unsupported,
  etag: unsupported,
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'API token',
      description: 'An API token of the account that SCIM_CLIENTS names, with scim.read and scim.write',
      specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});
