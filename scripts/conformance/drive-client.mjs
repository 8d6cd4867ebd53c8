// What the suite runs for each scenario of a client: `drive-client.mjs <server-url>`. Registers the suite's server with the
// gateway and uses it through there; without a gateway in the environment, straight, as the measure of what is possible.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { publish, untilServed } from './gate.mjs';

const {
  MCP_CONFORMANCE_SCENARIO: scenario = '',
  MCP_CONFORMANCE_PROTOCOL_VERSION: revision = '2025-11-25',
  MCP_CONFORMANCE_CONTEXT: context = '{}',
  PORTCULLIS_URL: gate,
  PORTCULLIS_TOKEN: token,
  PORTCULLIS_BEARER: bearer,
} = process.env;
const [, , server = ''] = process.argv;

// The gateway is no OAuth client yet.
if (scenario.startsWith('auth/')) process.exit(1);

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
for (const call of JSON.parse(context).toolCalls ?? tools.map(callOf)) await attempt(() => client.callTool(call));
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
  const path = await publish(gate, token, `${scenario} ${revision}`, server);
  await untilServed(gate + path, bearer, 4);
  const requestInit = { headers: { Authorization: `Bearer ${bearer}` } };
  return new StreamableHTTPClientTransport(new URL(path, gate), { requestInit });
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
