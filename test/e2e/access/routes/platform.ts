/** method path | permission | about | answer | body */
export const PLATFORM_ROUTES = `
GET    /.well-known/jwks.json  |                      | everyone  | 200
GET    /.well-known/oauth-protected-resource/servers/:id/mcp |   | everyone  | 404 not_found
GET    /servers/:id/.well-known/oauth-protected-resource     |   | everyone  | 404 not_found
GET    /health                 |                      | everyone  | 200
GET    /ready                  |                      | everyone  | 200
GET    /docs                   |                      | signed in | 200
GET    /docs/assets/:name      |                      | signed in | 404 not_found
GET    /openapi.json           |                      | signed in | 200
GET    /usage                  | admin.security_audit | list      | 200
GET    /version                | admin.system_config  | list      | 200
GET    /admin/config/passthrough-headers | admin.system_config | list | 200
PUT    /admin/config/passthrough-headers | admin.system_config | list | 200 | {"passthrough_headers": ["X-Tenant-Id"]}
`;
