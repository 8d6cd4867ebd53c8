import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonOf, RawCaller } from '../mcp/raw-caller.js';
import { ERAS } from '../mcp/raw-gate.js';
import { GuardedGate } from './guarded-gate.js';

const TAGS = {
  tags: ['system:github.com', 'auth-header:x-github-token'],
  passthrough_headers: ['X-Vault-Tokens', 'X-Other'],
};
const open: RawCaller[] = [];

let guarded: GuardedGate;
const endpoints: Record<string, RawCaller> = {};
beforeAll(async () => {
  guarded = await GuardedGate.start({}, { ENABLE_HEADER_PASSTHROUGH: 'true' });
  const { running, token, upstreams } = guarded.gate;
  for (const era of ERAS) {
    const { id } = await running.register(`tagged ${era}`, upstreams[era].url, TAGS);
    const server = await running.serve(id, { tool_naming: 'original' });
    open.push((endpoints[era] = new RawCaller(`${running.url}/servers/${server.id}/mcp`, token)));
  }
});
afterAll(async () => {
  for (const caller of open) caller.close();
  await guarded.stop();
});

describe.each(ERAS)('a map of tokens, at a %s upstream', (era) => {
  /** What the upstream is sent, and what the caller is told. */
  async function asked(tokens: string, method = 'tools/call', params: object = { name: 'tool' }) {
    guarded.gate.reset();
    const headers = { 'x-vault-tokens': tokens, 'x-other': 'kept' };
    const answer = await endpoints[era]?.[era](method, params, { headers });
    const { seen } = guarded.gate.upstreams[era];
    for (const { headers: sent, body } of seen) expect(JSON.stringify(sent) + body).not.toContain('x-vault-tokens');
    return { sent: seen.at(-1)?.headers, told: answer && jsonOf(answer) };
  }

  it('stays here, but for the token that is for it', async () => {
    await guarded.plugins([{ name: 'Vault', kind: 'plugins.vault.vault_plugin.Vault' }]);
    const { sent } = await asked('{"github.com":"fixture-1","gitlab.com":"fixture-2"}');
    expect(sent).toMatchObject({ authorization: 'Bearer fixture-1', 'x-other': 'kept' });
    expect(JSON.stringify(sent)).not.toContain('fixture-2');
    expect((await asked('{"github.com:USER:PAT":"fixture-3"}')).sent).toMatchObject({ 'x-github-token': 'fixture-3' });
    const elsewhere = { secretValue: 'fixture-4', mcpServer: 'https://elsewhere.example/mcp' };
    expect(JSON.stringify((await asked(JSON.stringify({ 'github.com': elsewhere }))).sent)).not.toContain('fixture-4');
  });

  it('stops the call where it can’t be read', async () => {
    await guarded.plugins([{ name: 'Vault', kind: 'vault' }]);
    const { sent, told } = await asked('{"github.com": fixture-5}');
    expect(sent).toBeUndefined();
    expect(told.error.data.plugin_error_code).toBe('VAULT_TOKENS_INVALID');
    expect(JSON.stringify(told)).not.toContain('fixture-5');
  });

  it.each([
    ['of a prompt', [{ name: 'Vault', kind: 'vault' }], 'prompts/get', { name: 'prompt' }],
    [
      'in a mode that stops nothing',
      [{ name: 'Vault', kind: 'vault', mode: 'permissive' }],
      'tools/call',
      { name: 'tool' },
    ],
    ['without the plugin', [], 'tools/call', { name: 'tool' }],
  ])('stays here %s too', async (_, plugins, method, params) => {
    await guarded.plugins(plugins);
    expect((await asked('{"github.com": fixture-6}', method, params)).sent).toMatchObject({ 'x-other': 'kept' });
  });
});
