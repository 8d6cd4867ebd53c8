/** method path | permission | about | answer | body; SCIM is off, as it is unless somebody switches it on */
export const SCIM_ROUTES = `
GET    /scim/v2/ServiceProviderConfig    | scim.read  | list  | 404 not_found
GET    /scim/v2/ResourceTypes            | scim.read  | list  | 404 not_found
GET    /scim/v2/ResourceTypes/:name      | scim.read  | list  | 404 not_found
GET    /scim/v2/Schemas                  | scim.read  | list  | 404 not_found
GET    /scim/v2/Schemas/:urn             | scim.read  | list  | 404 not_found
GET    /scim/v2/Users                    | scim.read  | list  | 404 not_found
POST   /scim/v2/Users                    | scim.write | list  | 404 not_found | {}
GET    /scim/v2/Users/:id                | scim.read  | list  | 404 not_found
PUT    /scim/v2/Users/:id                | scim.write | list  | 404 not_found | {}
PATCH  /scim/v2/Users/:id                | scim.write | list  | 404 not_found | {}
DELETE /scim/v2/Users/:id                | scim.write | list  | 404 not_found
GET    /scim/v2/Groups                   | scim.read  | list  | 404 not_found
POST   /scim/v2/Groups                   | scim.write | list  | 404 not_found | {}
GET    /scim/v2/Groups/:id               | scim.read  | list  | 404 not_found
PUT    /scim/v2/Groups/:id               | scim.write | list  | 404 not_found | {}
PATCH  /scim/v2/Groups/:id               | scim.write | list  | 404 not_found | {}
DELETE /scim/v2/Groups/:id               | scim.write | list  | 404 not_found
`;
