import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { targetOf } from '../../../../test/fixtures/plugins/target.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { VAULT_CASES } from './vault.cases.js';
import { vault } from './vault.plugin.js';

const TAGS = ['system:github.com', 'auth-header:x-github-token'];
const URL_OF_GATEWAY = 'https://git.example.com/mcp';

/** What goes on of the headers of a call of a gateway with these tags. */
async function headersOf(
  tokens: unknown,
  { config = {}, tags = TAGS }: { config?: object; tags?: readonly string[] } = {},
) {
  const given = typeof tokens === 'string' ? tokens : JSON.stringify(tokens);
  const target = targetOf({}, { tags, target: { id: 'g', url: new URL(URL_OF_GATEWAY), headers: {} } });
  const facts = { ...FACTS, target };
  const payload = { name: 'echo', args: {}, headers: { 'x-vault-tokens': given, 'x-other': 'kept' } };
  const outcome = await askPlugin(await activePlugin(vault, config), 'tool_pre_invoke', payload, { facts });
  return outcome.violation?.code ?? outcome.payload.headers;
}

const bearer = (token: string) => ({ 'x-other': 'kept', authorization: `Bearer ${token}` });
const nothing = { 'x-other': 'kept' };

describe('vault', () => {
  it.each(VAULT_CASES)('$title', async (row) => {
    expect(await outcomeOf(vault, row)).toEqual(row.expect);
  });

  it.each([
    ['a token of the system', { 'github.com': 'fixture-1' }, bearer('fixture-1')],
    ['whatever its case', { 'GitHub.com': 'fixture-1' }, bearer('fixture-1')],
    ['as a text of JSON', JSON.stringify(JSON.stringify({ 'github.com': 'fixture-1' })), bearer('fixture-1')],
    ['of a scope', { 'github.com:USER': 'fixture-1' }, bearer('fixture-1')],
    ['of OAuth', { 'github.com:USER:OAUTH2:mine': 'fixture-1' }, bearer('fixture-1')],
    ['of a person', { 'github.com:USER:PAT:mine': 'fixture-1' }, { ...nothing, 'x-github-token': 'fixture-1' }],
    ['of an unknown type', { 'github.com:USER:NEW': 'fixture-1' }, bearer('fixture-1')],
    ['the plainest key', { 'github.com:USER:PAT': 'a', 'github.com': 'b' }, bearer('b')],
    ['one of another system', { 'gitlab.com': 'fixture-1' }, nothing],
    ['one whose system begins alike', { 'github.com.example': 'a', 'github.comx': 'b' }, nothing],
    ['none', {}, nothing],
    ['one for this server', { 'github.com': { secretValue: 'a', mcpServer: URL_OF_GATEWAY } }, bearer('a')],
    ['one for this host', { 'github.com': { secretValue: 'a', mcpServer: 'git.example.com' } }, bearer('a')],
    ['one for this origin', { 'github.com': { secretValue: 'a', mcpServer: 'https://git.example.com' } }, bearer('a')],
    ['one for another server', { 'github.com': { secretValue: 'a', mcpServer: 'https://evil.example/mcp' } }, nothing],
    ['one for another path', { 'github.com': { secretValue: 'a', mcpServer: 'https://git.example.com/m' } }, nothing],
    [
      'one for it without TLS',
      { 'github.com': { secretValue: 'a', mcpServer: 'http://git.example.com/mcp' } },
      nothing,
    ],
    ['one for no server', { 'github.com': { secretValue: 'a', mcpServer: '' } }, nothing],
    [
      'of several the one for this server',
      {
        'github.com': { secretValue: 'a', mcpServer: 'https://evil.example/mcp' },
        'github.com:USER': { secretValue: 'b', mcpServer: URL_OF_GATEWAY },
      },
      bearer('b'),
    ],
  ])('sends %s', async (_, tokens, expected) => {
    expect(await headersOf(tokens)).toEqual(expected);
  });

  it.each([
    '{',
    '[]',
    'null',
    '"x"',
    '{"a":1}',
    '{"a":{}}',
    '{"a":{"secretValue":"x","mcpServer":1}}',
    '{"a":"x\\r\\ny"}',
    '{"a":""}',
  ])('takes nothing from %s, and stops the call', async (tokens) =>
    expect(await headersOf(tokens)).toBe('VAULT_TOKENS_INVALID'),
  );

  it('sends nothing to a gateway of no system, and forwards the map to nobody', async () => {
    expect(await headersOf({ 'github.com': 'a' }, { tags: [] })).toEqual(nothing);
    expect(await headersOf({ 'github.com': 'a' }, { config: { system_handling: 'oauth2_config' } })).toEqual(nothing);
  });

  it('sends only tokens that name their server, where that is required', async () => {
    const config = { require_binding: true };
    expect(await headersOf({ 'github.com': 'a' }, { config })).toEqual(nothing);
    expect(await headersOf({ 'github.com': { secretValue: 'a', mcpServer: URL_OF_GATEWAY } }, { config })).toEqual(
      bearer('a'),
    );
  });

  it('takes the map off calls of agents', async () => {
    const headers = { 'x-vault-tokens': '{', 'x-other': 'kept' };
    const payload = { agentId: 'a', messages: [], parameters: {}, headers };
    const outcome = await askPlugin(await activePlugin(vault), 'agent_pre_invoke', payload);
    expect(outcome.payload.headers).toEqual(nothing);
  });

  it.each([
    [{ vault_handling: 'unwrap' }],
    [{ vault_header_name: 'a b' }],
    [{ system_handling: 'guess' }],
    [{ headers: 1 }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(vault, config)).rejects.toThrow(PluginConfigError);
  });
});
