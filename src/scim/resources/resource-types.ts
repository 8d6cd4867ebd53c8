import { GROUP, RESOURCE_TYPE, USER } from './schema-urns.js';

const type = (id: string, endpoint: string, schema: string, base: string) => ({
  schemas: [RESOURCE_TYPE],
  id,
  name: id,
  endpoint,
  schema,
  meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` },
});

/** RFC 7643 section 6. @param base of all resources */
export const resourceTypes = (base: string) => [
  type('User', '/Users', USER, base),
  type('Group', '/Groups', GROUP, base),
];
