/** method path | permission | about | answer | body */
export const ACCESS_ROUTES = `
GET    /rbac/permissions/available          |                       | signed in  | 200
GET    /rbac/my/roles                       |                       | signed in  | 200
GET    /rbac/my/permissions                 |                       | signed in  | 200
POST   /rbac/my/explain                     |                       | signed in  | 200 | {"permission": "tools.read"}
POST   /rbac/permissions/check              | admin.security_audit  | list       | 200 | {"user_email": "mia@example.com", "permission": "tools.read"}
POST   /rbac/permissions/explain            | admin.security_audit  | list       | 200 | {"user_email": "mia@example.com", "permission": "tools.read"}
GET    /rbac/permissions/user/:email        | admin.security_audit  | account    | 200
GET    /rbac/audit                          | admin.security_audit  | list       | 200
GET    /api/logs/audit-trails               | audit:read            | list       | 200
GET    /rbac/roles                          | admin.user_management | list       | 200
POST   /rbac/roles                          | admin.user_management | list       | 200 | {"name": "NAME", "scope": "team", "permissions": ["tools.read"]}
GET    /rbac/roles/:id                      | admin.user_management | role       | 200
PUT    /rbac/roles/:id                      | admin.user_management | role       | 200 | {"description": "changed"}
DELETE /rbac/roles/:id                      | admin.user_management | role       | 200
GET    /rbac/users/:email/roles             | admin.user_management | account    | 200
POST   /rbac/users/:email/roles             | admin.user_management | role       | 200 | {"role_id": "ROLE", "scope": "global"}
DELETE /rbac/users/:email/roles/:role_id    | admin.user_management | role       | 200
GET    /teams/:teamId/roles                 | teams.manage_members  | team owner | 200
POST   /teams/:teamId/roles                 | teams.manage_members  | team owner | 201 | {"user_email": "dan@example.com", "role": "developer"}
DELETE /teams/:teamId/roles/:assignmentId   | teams.manage_members  | team owner | 200
POST   /teams/:teamId/explain               | teams.manage_members  | team owner | 200 | {"user_email": "mia@example.com", "permission": "tools.read"}
GET    /policies                            | policies.read         | list       | 200
POST   /policies                            | policies.create       | list       | 201 | {"name": "NAME", "text": "POLICY"}
GET    /policies/schema                     | policies.read         | list       | 200
POST   /policies/simulate                   | policies.read         | list       | 200 | {"principal": {"email": "mia@example.com"}, "action": "tools.read"}
GET    /policies/:id                        | policies.read         | policy     | 200
PUT    /policies/:id                        | policies.update       | policy     | 200 | {"description": "changed"}
DELETE /policies/:id                        | policies.delete       | policy     | 204
POST   /policies/:id/activate               | policies.update       | policy     | 200
POST   /policies/:id/deactivate             | policies.update       | policy     | 200
GET    /policies/:id/versions               | policies.read         | policy     | 200
GET    /policies/:id/shadow                 | policies.read         | policy     | 200
`;
