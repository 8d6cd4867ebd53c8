/** method path | permission | about | answer | body */
export const TEAM_ROUTES = `
GET    /teams                                           | teams.read           | list          | 200
POST   /teams                                           | teams.create         | list          | 201 | {"name": "NAME"}
GET    /teams/discover                                  | teams.read           | list          | 200
GET    /teams/:teamId                                   | teams.read           | team member   | 200
PUT    /teams/:teamId                                   | teams.update         | team owner    | 200 | {"description": "changed"}
DELETE /teams/:teamId                                   | teams.delete         | team owner    | 200
GET    /teams/:teamId/members                           | teams.read           | team member   | 200
POST   /teams/:teamId/members                           | teams.manage_members | team owner    | 201 | {"email": "otto@example.com"}
PUT    /teams/:teamId/members/:email                    | teams.manage_members | team owner    | 200 | {"role": "owner"}
DELETE /teams/:teamId/members/:email                    | teams.manage_members | team owner    | 200
GET    /teams/:teamId/history                           | teams.manage_members | team owner    | 200
GET    /teams/:teamId/invitations                       | teams.manage_members | team owner    | 200
POST   /teams/:teamId/invitations                       | teams.manage_members | team owner    | 201 | {"email": "stranger@example.com"}
DELETE /teams/invitations/:invitationId                 | teams.manage_members | invitation    | 200
POST   /teams/invitations/:token/accept                 | teams.join           | accept        | 200
DELETE /teams/:teamId/leave                             | teams.join           | leave         | 200
POST   /teams/:teamId/join                              | teams.join           | join          | 200
DELETE /teams/:teamId/join                              | teams.join           | withdraw      | 404 not_found
GET    /teams/:teamId/join-requests                     | teams.manage_members | team owner    | 200
POST   /teams/:teamId/join-requests/:requestId/approve  | teams.manage_members | team owner    | 200
DELETE /teams/:teamId/join-requests/:requestId          | teams.manage_members | team owner    | 200
GET    /tokens/teams/:teamId                            | tokens.read          | team tokens   | 200
POST   /tokens/teams/:teamId                            | tokens.create        | team token    | 201 | {"name": "NAME", "expires_in_days": 1}
`;
