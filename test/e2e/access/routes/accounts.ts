/** method path | permission | about | answer | body */
export const ACCOUNT_ROUTES = `
POST   /auth/login                               |                       | everyone | 422 validation_failed | {}
POST   /auth/email/login                         |                       | everyone | 422 validation_failed | {}
POST   /auth/email/register                      |                       | everyone | 422 validation_failed | {}
POST   /auth/email/forgot-password               |                       | everyone | 422 validation_failed | {}
POST   /auth/email/change-password-required      |                       | everyone | 422 validation_failed | {}
GET    /auth/email/reset-password/:token         |                       | everyone | 400 reset_token_invalid
POST   /auth/email/reset-password/:token         |                       | everyone | 422 validation_failed | {}
POST   /auth/email/change-password               |                       | signed in | 422 validation_failed | {}
GET    /auth/email/me                            |                       | signed in | 200
GET    /auth/email/events                        |                       | signed in | 200
GET    /auth/validate                            |                       | signed in | 200
GET    /auth/csrf-token                          |                       | session   | 200
POST   /auth/logout                              |                       | session   | 200
POST   /auth/refresh                             |                       | session   | 403 session_required
GET    /auth/sessions                            |                       | session   | 200
DELETE /auth/sessions                            |                       | session   | 200
DELETE /auth/sessions/:id                        |                       | session   | 404 not_found
GET    /auth/email/admin/events                  | admin.user_management | list      | 200
GET    /auth/email/admin/users                   | admin.user_management | list      | 200
POST   /auth/email/admin/users                   | admin.user_management | list      | 201 | {"email": "NAME@example.com", "password": "PASSWORD"}
GET    /auth/email/admin/users/:email            | admin.user_management | account   | 200
PATCH  /auth/email/admin/users/:email            | admin.user_management | account   | 200 | {"full_name": "Somebody"}
PUT    /auth/email/admin/users/:email            | admin.user_management | account   | 200 | {"full_name": "Somebody"}
DELETE /auth/email/admin/users/:email            | admin.user_management | account   | 200
POST   /auth/email/admin/users/:email/unlock     | admin.user_management | account   | 200
GET    /tokens                                   | tokens.read           | tokens    | 200
POST   /tokens                                   | tokens.create         | tokens    | 201 | {"name": "NAME", "expires_in_days": 1}
GET    /tokens/:id                               | tokens.read           | token     | 200
PUT    /tokens/:id                               | tokens.update         | token     | 200 | {"description": "changed"}
DELETE /tokens/:id                               | tokens.revoke         | token     | 204
GET    /tokens/:id/usage                         | tokens.read           | token     | 200
GET    /tokens/admin/all                         | tokens.read           | oversight | 200
DELETE /tokens/admin/:id                         | tokens.revoke         | oversight | 204
`;
