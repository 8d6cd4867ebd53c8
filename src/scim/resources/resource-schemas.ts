import { GROUP, SCHEMA, USER } from './schema-urns.js';

const attribute = (name: string, more: object = {}): object => ({
  name,
  description: name,
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
});
const readOnly = { mutability: 'readOnly' };
const exact = { caseExact: true };

const SCHEMAS = [
  {
    id: USER,
    name: 'User',
    attributes: [
      attribute('userName', { required: true, mutability: 'immutable', uniqueness: 'server' }),
      attribute('externalId', exact),
      attribute('displayName'),
      attribute('name', {
        type: 'complex',
        subAttributes: ['formatted', 'givenName', 'familyName'].map((name) => attribute(name)),
      }),
      attribute('active', { type: 'boolean' }),
      attribute('emails', {
        ...readOnly,
        type: 'complex',
        multiValued: true,
        subAttributes: [
          attribute('value', readOnly),
          attribute('type', readOnly),
          attribute('primary', { ...readOnly, type: 'boolean' }),
        ],
      }),
    ],
  },
  {
    id: GROUP,
    name: 'Group',
    attributes: [
      attribute('displayName', { required: true, uniqueness: 'server' }),
      attribute('externalId', exact),
      attribute('members', {
        type: 'complex',
        multiValued: true,
        subAttributes: [
          attribute('value', { ...exact, mutability: 'immutable' }),
          attribute('$ref', { ...readOnly, ...exact, type: 'reference', referenceTypes: ['User'] }),
          attribute('type', { ...readOnly, canonicalValues: ['User'] }),
        ],
      }),
    ],
  },
] as const;

/** What users and groups have here (RFC 7643 section 7). @param base of all resources */
export const resourceSchemas = (base: string) =>
  SCHEMAS.map((schema) => ({
    schemas: [SCHEMA],
    ...schema,
    description: schema.name,
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` },
  }));
