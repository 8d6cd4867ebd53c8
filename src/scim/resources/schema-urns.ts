/** RFC 7643 section 10, RFC 7644 section 8.2. */
export const [USER, GROUP, LIST, SERVICE_PROVIDER_CONFIG, RESOURCE_TYPE, SCHEMA] = [
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'urn:ietf:params:scim:schemas:core:2.0:Group',
  'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  'urn:ietf:params:scim:schemas:core:2.0:Schema',
] as const;
