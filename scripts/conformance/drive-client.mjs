// What the suite runs for each scenario of a client: `drive-client.mjs <server-url>`. Registers the suite's server with the
// gateway and uses it through there; without a gateway in the environment, straight, as the measure of what is possible.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Connection } from './connection.mjs';
import { register, serve, untilServed } from './gate.mjs';

const {
  MCP_CONFORMANCE_SCENARIO: scenario = '',
  MCP_CONFORMANCE_PROTOCOL_VERSION: revision = '2025-11-25',
  MCP_CONFORMANCE_CONTEXT: context = '{}',
  PORTCULLIS_URL: gate,
  PORTCULLIS_TOKEN: token,
  PORTCULLIS_BEARER: bearer,
} = process.env;
const [, , server = ''] = process.argv;

const guarded = scenario.startsWith('auth/');
// It is the gateway that is an OAuth client, not this.
if (guarded && !gate) process.exit(1);

const isMachine = scenario.startsWith('auth/client-credentials');
let connection;

const client = new Client(
  { name: 'conformance-driver', version: '1.0.0' },
  {
    capabilities: { roots: {}, sampling: {}, elicitation: { form: { applyDefaults: true } } },
    versionNegotiation: { mode: revision === '2026-07-28' ? { pin: revision } : 'legacy' },
  },
);
client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }));
client.setRequestHandler('roots/list', () => ({ roots: [] }));
client.setRequestHandler('sampling/createMessage', () => ({
  model: 'none',
  role: 'assistant',
  content: { type: 'text', text: 'hello' },
}));
await client.connect(await door());
const offered = client.getServerCapabilities() ?? {};
const { tools } = await client.listTools();
for (const call of JSON.parse(context).toolCalls ?? tools.map(callOf)) await attempt(() => called(call));
if (offered.resources) {
  const { resources } = await client.listResources();
  for (const { uri } of resources) await attempt(() => client.readResource({ uri }));
}
if (offered.prompts) {
  const { prompts } = await client.listPrompts();
  for (const { name } of prompts) await attempt(() => client.getPrompt({ name }));
}
await client.close();

async function door() {
  if (!gate) return new StreamableHTTPClientTransport(new URL(server));
  const gateway = await register(
    gate,
    token,
    `${scenario.replace('/', ' ')} ${revision}`,
    server,
    guarded ? await oauthOf(JSON.parse(context)) : {},
  );
  if (guarded) {
    connection = new Connection(gate, token, gateway.id);
    if (!isMachine) await connection.fetchTools();
  }
  const path = await serve(gate, token, gateway);
  await untilServed(gate + path, bearer, 4);
  const requestInit = { headers: { Authorization: `Bearer ${bearer}` } };
  return new StreamableHTTPClientTransport(new URL(path, gate), { requestInit });
}

/** The upstream may want more of the user in the middle of it. */
async function called(call) {
  for (let tries = 0; tries < 5; tries++) {
    const result = await client.callTool(call);
    if (!result.isError || !JSON.stringify(result.content).includes('Connect your account')) return result;
    await connection.connect();
  }
  throw new Error('the gateway asks for consent without end');
}

async function oauthOf({ client_id, client_secret, private_key_pem: private_key, issuer: known }) {
  const grant_type = isMachine ? 'client_credentials' : 'authorization_code';
  const issuer = known ?? (await issuerOf());
  return { auth_type: 'oauth', oauth_config: { grant_type, client_id, client_secret, private_key, issuer } };
}

/** An operator who has a client_id knows where from. */
async function issuerOf() {
  if (!isMachine) return undefined;
  const { origin, pathname } = new URL(server);
  const answer = await fetch(`${origin}/.well-known/oauth-protected-resource${pathname}`);
  return (await answer.json()).authorization_servers[0];
}

/** The tool with something of the right type for each argument it must have. */
function callOf({ name, inputSchema: { properties = {}, required = [] } }) {
  return { name, arguments: Object.fromEntries(required.map((key) => [key, valueOf(key, properties[key])])) };
}

function valueOf(key, { type }) {
  // The scenario about schemas wants that of its other tool back.
  if (key === 'schema') return tools.find(({ inputSchema }) => inputSchema.$defs)?.inputSchema;
  return { number: 7, integer: 7, boolean: true, object: {} }[type] ?? 'something';
}

/** What a call comes to is the suite's to judge, and one that fails must not keep the others from it. */
async function attempt(call) {
  await call().catch((error) => console.error(error.message));
}
