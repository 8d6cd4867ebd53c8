/** method path | permission | about | answer | body */
export const PLATFORM_ROUTES = `
GET    /.well-known/jwks.json  |                      | everyone  | 200
GET    /.well-known/oauth-protected-resource/servers/:id/mcp |   | everyone  | 404 not_found
GET    /servers/:id/.well-known/oauth-protected-resource     |   | everyone  | 404 not_found
GET    /oauth/client.json      |                      | everyone  | 404 not_found
GET    /oauth/callback         |                      | signed in | 400 bad_request
GET    /oauth/callback/:server |                      | signed in | 400 bad_request
GET    /oauth/registered-clients             | admin.oauth_clients | list | 200
GET    /oauth/registered-clients/:gatewayId  | admin.oauth_clients | list | 404 not_found
DELETE /oauth/registered-clients/:clientId   | admin.oauth_clients | list | 404 not_found
GET    /health                 |                      | everyone  | 200
GET    /ready                  |                      | everyone  | 200
GET    /docs                   |                      | signed in | 200
GET    /docs/assets/:name      |                      | signed in | 404 not_found
GET    /openapi.json           |                      | signed in | 200
GET    /plugins                | plugins.read         | list      | 200
GET    /admin/plugins          | admin.plugins        | list      | 200
GET    /admin/plugins/stats    | admin.plugins        | list      | 200
GET    /admin/plugins/:name    | admin.plugins        | list      | 404 not_found
PUT    /admin/plugins          | admin.plugins        | list      | 409 conflict | {"enabled": true}
PUT    /admin/plugins/:name    | admin.plugins        | list      | 409 conflict | {"mode": "audit"}
GET    /admin/tool-integrity   | admin.plugins        | list      | 200
GET    /admin/tool-integrity/:toolId | admin.plugins  | list      | 404 not_found
POST   /admin/tool-integrity/:toolId/approve | admin.plugins | list | 404 not_found | {"hash": "0000000000000000000000000000000000000000000000000000000000000000"}
POST   /admin/tool-integrity/:toolId/block | admin.plugins | list | 404 not_found
GET    /api/logs/plugin-events | admin.security_audit | list      | 200
GET    /tools/plugin_bindings  | tools.read           | list      | 200
GET    /tools/plugin_bindings/:teamId    | tools.read           | team bindings | 200
POST   /tools/plugin_bindings  | tools.manage_plugins | list      | 200 | {"teams": {}}
DELETE /tools/plugin_bindings/:bindingId | tools.manage_plugins | list | 404 not_found
GET    /usage                  | admin.security_audit | list      | 200
GET    /version                | admin.system_config  | list      | 200
GET    /admin/keys             | admin.system_config  | list      | 200
POST   /admin/keys/rotate      | admin.system_config  | list      | 202
GET    /admin/keys/jwt         | admin.system_config  | list      | 200
POST   /admin/keys/jwt/rotate  | admin.system_config  | list      | 202
DELETE /admin/keys/jwt/:kid    | admin.system_config  | list      | 404 not_found
GET    /admin/config/passthrough-headers | admin.system_config | list | 200
PUT    /admin/config/passthrough-headers | admin.system_config | list | 200 | {"passthrough_headers": ["X-Tenant-Id"]}
`;
