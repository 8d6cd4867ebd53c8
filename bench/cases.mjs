/**
 * @typedef {object} Case one kind of request, the same for every row of the table
 * @property {string} name
 * @property {'2026-07-28' | '2025-11-25'} revision
 * @property {20 | 500} tools how many tools the upstream has
 * @property {Record<string, string>} headers
 * @property {string} body
 */

const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';
const PROSE =
  'Find the three invoices that were paid late in March, add up what they came to, and tell me whether any of them ' +
  'was sent to the wrong address; if so, draft a short and friendly letter to the customer. ';
const META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientInfo': { name: 'portcullis-bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** @type {Case[]} */
export const CASES = [MODERN, LEGACY].flatMap((revision) => [
  call(revision, '0.3 KB', 300),
  call(revision, '4 KB', 4_096),
  call(revision, '32 KB', 32_768),
  list(revision, 20),
  list(revision, 500),
]);

/** The one that stands for all of them. */
export const TYPICAL_CASE = CASES[0];

/** A tools/call whose arguments take so many bytes of JSON. */
function call(revision, size, bytes) {
  const room = bytes - JSON.stringify({ text: '' }).length;
  const text = PROSE.repeat(Math.ceil(room / PROSE.length)).slice(0, room);
  const params = { name: 'echo', arguments: { text } };
  return request(revision, `tools/call ${size}`, 20, 'tools/call', params, { 'Mcp-Name': 'echo' });
}

function list(revision, tools) {
  return request(revision, `tools/list ${tools}`, tools, 'tools/list', {}, {});
}

function request(revision, name, tools, method, given, ownHeaders) {
  const modern = revision === MODERN;
  const params = modern ? { ...given, _meta: META } : given;
  const headers = { 'MCP-Protocol-Version': revision, ...(modern && { 'Mcp-Method': method, ...ownHeaders }) };
  // The load writes the ids of its requests over this one; it has to come first, where it is looked for.
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1_000_000_000, method, params });
  return { name: `${revision} ${name}`, revision, tools, headers, body };
}
