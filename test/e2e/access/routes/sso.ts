/** method path | permission | about | answer | body */
export const SSO_ROUTES = `
GET    /auth/sso/providers                       |                            | everyone  | 404 sso_disabled
GET    /auth/sso/login/:provider                 |                            | everyone  | 404 sso_disabled
GET    /auth/sso/callback/:provider              |                            | everyone  | 404 sso_disabled
POST   /auth/sso/backchannel-logout/:provider    |                            | everyone  | 404 sso_disabled
POST   /auth/sso/link/:provider                  |                            | signed in | 404 sso_disabled
POST   /auth/sso/logout                          |                            | signed in | 404 sso_disabled
GET    /auth/sso/admin/providers                 | admin.sso_providers:read   | list      | 404 sso_disabled
POST   /auth/sso/admin/providers                 | admin.sso_providers:create | list      | 404 sso_disabled | {}
GET    /auth/sso/admin/providers/:id             | admin.sso_providers:read   | list      | 404 sso_disabled
PUT    /auth/sso/admin/providers/:id             | admin.sso_providers:update | list      | 404 sso_disabled | {}
DELETE /auth/sso/admin/providers/:id             | admin.sso_providers:delete | list      | 404 sso_disabled
GET    /auth/sso/admin/identities                | admin.user_management      | list      | 404 sso_disabled
POST   /auth/sso/admin/identities                | admin.user_management      | list      | 404 sso_disabled | {}
DELETE /auth/sso/admin/identities/:id            | admin.user_management      | list      | 404 sso_disabled
GET    /auth/sso/pending-approvals               | admin.user_management      | list      | 404 sso_disabled
POST   /auth/sso/pending-approvals/:id/action    | admin.user_management      | list      | 404 sso_disabled | {}
`;
