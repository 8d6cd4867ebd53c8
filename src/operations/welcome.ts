import { join } from 'node:path';
import type { AuthSettings } from '../auth/auth.settings.js';
import type { Environment } from '../config/environment.js';
import type { HttpSettings } from '../http/http.settings.js';

/** What to do next, for the person who started the gateway; in production one line. */
export function welcome(url: string, http: HttpSettings, auth: AuthSettings, environment: Environment): string {
  if (http.environment === 'production') return `Portcullis listens on ${url}\n`;
  const secrets = join(environment.get('DATA_DIR') ?? './data', 'secrets.env');
  const client = {
    mcpServers: { portcullis: { type: 'http', url: `${url}/mcp`, headers: { Authorization: 'Bearer <token>' } } },
  };
  return `
Portcullis listens on ${url}

  1. Sign in as ${auth.adminEmail}; the password is PLATFORM_ADMIN_PASSWORD in ${secrets} (or what you set):

     curl -s ${url}/auth/login -H 'Content-Type: application/json' \\
       -d '{"email":"${auth.adminEmail}","password":"<password>"}'

  2. Register an MCP server, with the access_token of that answer:

     curl -s ${url}/gateways -H 'Authorization: Bearer <token>' -H 'Content-Type: application/json' \\
       -d '{"name":"my-server","url":"https://mcp.example.com/mcp","transport":"STREAMABLEHTTP"}'

     (A server on this machine needs SSRF_ALLOW_LOCALHOST=true.)

  3. Give your MCP client this configuration; \`POST /tokens\` mints a token that lasts:

     ${JSON.stringify(client, null, 2).replaceAll('\n', '\n     ')}

Ctrl-C stops it.
`;
}
