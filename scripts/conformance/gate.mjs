// The built gateway with an empty database, and what is set up in it.
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './children.mjs';
import { RESULTS } from './suite.mjs';

const ADMIN = { email: 'admin@example.com', password: 'conformance-only Password 4711' };

/**
 * @param {object} options
 * @param {boolean} options.anonymous whether callers without a credential may use what is public
 * @param {number[]} options.ports where its replicas listen
 * @param {string} options.origin where callers think that it listens
 * @param {Record<string, string>} options.stores what the replicas share
 */
export async function startGate({ anonymous, ports, origin, stores }) {
  const random = () => randomBytes(32).toString('base64url');
  const shared = {
    APP_DOMAIN: origin,
    PLATFORM_ADMIN_EMAIL: ADMIN.email,
    PLATFORM_ADMIN_PASSWORD: ADMIN.password,
    JWT_SECRET_KEY: random(),
    AUTH_ENCRYPTION_SECRET: random(),
    SSRF_ALLOW_LOCALHOST: 'true',
    OAUTH_ALLOW_HTTP: 'true',
    // Its authorization servers are many, and one may get the port of another that was there before.
    DCR_METADATA_CACHE_TTL: '0',
    // The suite takes a client of this document for one that it knows.
    OAUTH_CLIENT_METADATA_URL: 'https://conformance-test.local/client-metadata.json',
    GATEWAY_UNIQUE_URLS: 'false',
    MCP_REQUIRE_AUTH: String(!anonymous),
    RATE_LIMITING_ENABLED: 'false',
    LOG_LEVEL: 'warn',
    ...stores,
  };
  const urls = [];
  // One after the other: the first makes the tables.
  for (const port of ports) {
    const env = { ...shared, PORT: String(port), DATA_DIR: mkdtempSync(join(RESULTS, 'data-')) };
    urls.push(await launch(process.execPath, [join('dist', 'src', 'main.js')], /listens on (\S+)/, env));
  }
  const [url] = urls;
  const { access_token: session } = await rest(url, undefined, 'POST', '/auth/login', ADMIN);
  const { access_token: token } = await rest(url, session, 'POST', '/tokens', { name: 'suite', expires_in_days: 1 });
  return { url, token: session, bearer: token };
}

/**
 * Registers an upstream and puts all it has into a virtual server, under its own names.
 * @returns {Promise<string>} the path of the server's endpoint
 */
export async function publish(url, token, name, upstream) {
  return serve(url, token, await register(url, token, name, upstream));
}

/** @returns {Promise<{ id: string, name: string }>} the gateway */
export function register(url, token, name, upstream, more = {}) {
  return rest(url, token, 'POST', '/gateways', { name, url: upstream, transport: 'STREAMABLEHTTP', ...more });
}

/** @returns {Promise<string>} the path of the endpoint of a virtual server of all that a gateway has */
export async function serve(url, token, gateway) {
  const ask = (method, path, body) => rest(url, token, method, path, body);
  const listed = (path) => ask('GET', `${path}?gateway_id=${gateway.id}&limit=500`);
  const { resourceTemplates } = await listed('/resources/templates/list');
  const server = {
    name: gateway.name,
    associated_tools: (await listed('/tools')).map(idOf),
    associated_resources: [...(await listed('/resources')), ...resourceTemplates].map(idOf),
    associated_prompts: (await listed('/prompts')).map(idOf),
    tool_naming: 'original',
  };
  const { id } = await ask('POST', '/servers', { server });
  return `/servers/${id}/mcp`;
}

/** Waits until so many requests in a row are not answered with 404: other replicas hear of a new server in a moment. */
export async function untilServed(endpoint, token, inARow) {
  for (let served = 0; served < inARow;) {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const { status } = await fetch(endpoint, { method: 'POST', headers, body });
    served = status === 404 ? 0 : served + 1;
  }
}

const idOf = ({ id }) => id;

export async function rest(url, token, method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const said = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${said.slice(0, 500)}`);
  return JSON.parse(said);
}
