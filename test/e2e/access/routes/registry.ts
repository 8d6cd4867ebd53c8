/** method path | permission | about | answer | body */
export const REGISTRY_ROUTES = `
GET    /gateways                          | gateways.read    | list            | 200
POST   /gateways                          | gateways.create  | new             | 200 | {"name": "NAME", "url": "UPSTREAM", "visibility": "VISIBILITY", "team_id": "TEAM"}
GET    /gateways/:gatewayId               | gateways.read    | gateway         | 200
PUT    /gateways/:gatewayId               | gateways.update  | gateway         | 200 | {"description": "changed"}
DELETE /gateways/:gatewayId               | gateways.delete  | gateway         | 200
POST   /gateways/:gatewayId/state         | gateways.update  | gateway         | 200
POST   /gateways/:gatewayId/toggle        | gateways.update  | gateway         | 200
POST   /gateways/:gatewayId/refresh       | gateways.update  | gateway         | 200
POST   /gateways/:gatewayId/tools/refresh | gateways.update  | gateway         | 200
GET    /gateways/:gatewayId/health        | gateways.read    | gateway         | 200
GET    /oauth/authorize/:gatewayId         | gateways.read    | gateway         | 400 bad_request
GET    /oauth/status/:gatewayId            | gateways.read    | gateway         | 200
DELETE /oauth/connections/:gatewayId       | gateways.read    | gateway         | 200
POST   /oauth/fetch-tools/:gatewayId       | gateways.update  | gateway         | 200
GET    /servers                           | servers.read     | list            | 200
POST   /servers                           | servers.create   | new             | 201 | {"server": {"name": "NAME"}, "visibility": "VISIBILITY", "team_id": "TEAM"}
GET    /servers/:serverId                 | servers.read     | server          | 200
PUT    /servers/:serverId                 | servers.update   | server          | 200 | {"server": {"description": "changed"}}
DELETE /servers/:serverId                 | servers.delete   | server          | 200
POST   /servers/:serverId/state           | servers.update   | server          | 200
POST   /servers/:serverId/toggle          | servers.update   | server          | 200
GET    /servers/:serverId/tools           | tools.read       | server          | 200
GET    /servers/:serverId/resources       | resources.read   | server          | 200
GET    /servers/:serverId/prompts         | prompts.read     | server          | 200
GET    /tools                             | tools.read       | list            | 200
POST   /tools                             | tools.create     | new             | 200 | {"tool": {"name": "NAME", "url": "UPSTREAM"}, "visibility": "VISIBILITY", "team_id": "TEAM"}
GET    /tools/:toolId                     | tools.read       | tool            | 200
PUT    /tools/:toolId                     | tools.update     | tool            | 200 | {"tool": {"description": "changed"}}
DELETE /tools/:toolId                     | tools.delete     | tool to delete  | 200
POST   /tools/:toolId/state               | tools.update     | tool            | 200
POST   /tools/:toolId/toggle              | tools.update     | tool            | 200
GET    /resources                         | resources.read   | list            | 200
POST   /resources                         | resources.create | new             | 200 | {"resource": {"uri": "test://NAME", "name": "NAME", "content": "x"}, "visibility": "VISIBILITY", "team_id": "TEAM"}
GET    /resources/templates/list          | resources.read   | list            | 200
GET    /resources/:resourceId             | resources.read   | resource to read | 200
GET    /resources/:resourceId/info        | resources.read   | resource        | 200
PUT    /resources/:resourceId             | resources.update | resource        | 200 | {"resource": {"description": "changed"}}
DELETE /resources/:resourceId             | resources.delete | resource to delete | 200
POST   /resources/:resourceId/state       | resources.update | resource        | 200
POST   /resources/:resourceId/toggle      | resources.update | resource        | 200
GET    /prompts                           | prompts.read     | list            | 200
POST   /prompts                           | prompts.create   | new             | 200 | {"prompt": {"name": "NAME", "template": "x"}, "visibility": "VISIBILITY", "team_id": "TEAM"}
GET    /prompts/:promptId                 | prompts.read     | prompt          | 200
POST   /prompts/:promptId                 | prompts.read     | prompt          | 200
GET    /prompts/:promptId/info            | prompts.read     | prompt          | 200
PUT    /prompts/:promptId                 | prompts.update   | prompt          | 200 | {"prompt": {"description": "changed"}}
DELETE /prompts/:promptId                 | prompts.delete   | prompt to delete | 200
POST   /prompts/:promptId/state           | prompts.update   | prompt          | 200
POST   /prompts/:promptId/toggle          | prompts.update   | prompt          | 200
GET    /tags                              | tags.read        | list            | 200
GET    /tags/:name/entities               | tags.read        | list            | 200
ALL    /mcp                               | servers.use      | MCP             | 200
ALL    /rpc                               | servers.use      | MCP             | 200
ALL    /servers/:serverId/mcp             | servers.use      | MCP server      | 200
GET    /sse                               | servers.use      | MCP             | 406 not_acceptable
GET    /servers/:serverId/sse             | servers.use      | MCP server      | 406 not_acceptable
POST   /message                           | servers.use      | MCP             | 400 bad_request
POST   /servers/:serverId/message         | servers.use      | MCP server      | 400 bad_request
`;
