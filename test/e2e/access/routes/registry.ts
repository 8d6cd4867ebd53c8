/** method path | permission | about | answer | body */
export const REGISTRY_ROUTES = `
GET    /gateways                          | gateways.read   | list         | 200
POST   /gateways                          | gateways.create | new          | 200 | {"name": "NAME", "url": "UPSTREAM", "visibility": "VISIBILITY", "team_id": "TEAM"}
GET    /gateways/:gatewayId               | gateways.read   | gateway      | 200
PUT    /gateways/:gatewayId               | gateways.update | gateway      | 200 | {"description": "changed"}
DELETE /gateways/:gatewayId               | gateways.delete | gateway      | 200
POST   /gateways/:gatewayId/state         | gateways.update | gateway      | 200
POST   /gateways/:gatewayId/toggle        | gateways.update | gateway      | 200
POST   /gateways/:gatewayId/refresh       | gateways.update | gateway      | 200
POST   /gateways/:gatewayId/tools/refresh | gateways.update | gateway      | 200
GET    /gateways/:gatewayId/health        | gateways.read   | gateway      | 200
GET    /servers                           | servers.read    | list         | 200
POST   /servers                           | servers.create  | new          | 201 | {"server": {"name": "NAME"}, "visibility": "VISIBILITY", "team_id": "TEAM"}
GET    /servers/:serverId                 | servers.read    | server       | 200
PUT    /servers/:serverId                 | servers.update  | server       | 200 | {"server": {"description": "changed"}}
DELETE /servers/:serverId                 | servers.delete  | server       | 200
POST   /servers/:serverId/state           | servers.update  | server       | 200
POST   /servers/:serverId/toggle          | servers.update  | server       | 200
GET    /servers/:serverId/tools           | tools.read      | server       | 200
GET    /servers/:serverId/resources       | resources.read  | server       | 200
GET    /servers/:serverId/prompts         | prompts.read    | server       | 200
GET    /tools                             | tools.read      | list         | 200
GET    /tools/:toolId                     | tools.read      | tool         | 200
GET    /resources                         | resources.read  | list         | 200
GET    /resources/templates/list          | resources.read  | list         | 200
GET    /resources/:resourceId/info        | resources.read  | resource     | 200
GET    /prompts                           | prompts.read    | list         | 200
GET    /prompts/:promptId/info            | prompts.read    | prompt       | 200
ALL    /mcp                               | servers.use     | MCP          | 200
ALL    /rpc                               | servers.use     | MCP          | 200
ALL    /servers/:serverId/mcp             | servers.use     | MCP server   | 200
`;
