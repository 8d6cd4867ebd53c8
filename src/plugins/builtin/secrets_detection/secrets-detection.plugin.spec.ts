import { RequestState } from '../../plugin-context.js';
import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { SECRETS_DETECTION_CASES } from './secrets-detection.cases.js';
import { secretsDetection } from './secrets-detection.plugin.js';

// A test fixture.
const TOKEN = ['ghp_', 'a7Bq9Zk2Wx5Lm8Rt3Yc6Vn1Dj4Hs0Gp7Fu2e'].join('');
const stream = (data: unknown) =>
  ({ direction: 'to_client', method: 'notifications/message', body: { data } }) as const;

describe('secrets_detection', () => {
  it.each(SECRETS_DETECTION_CASES)('$title', async (row) => {
    expect(await outcomeOf(secretsDetection, row)).toEqual(row.expect);
  });

  it('says how many there are and of which types, and no character of them', async () => {
    const plugin = await activePlugin(secretsDetection);
    const tokens = Array.from({ length: 7 }, (_, index) => `${TOKEN.slice(0, -1)}${index}`);
    const { violation } = await askPlugin(plugin, 'tool_post_invoke', {
      name: 'echo',
      result: { content: [{ type: 'text', text: tokens.join(' ') }] },
    });
    expect(violation).toMatchObject({
      reason: 'Secrets detected',
      description: 'Potential secrets detected in tool result',
      details: { count: 7 },
    });
    expect(violation?.details?.['examples']).toEqual(
      Array.from({ length: 5 }, () => ({ type: 'github_token', match: 'github_token (40 characters)' })),
    );
    expect(JSON.stringify(violation)).not.toContain('ghp_');
  });

  it('looks into the error in the place of a result', async () => {
    const plugin = await activePlugin(secretsDetection, { redact: true, block_on_detection: false });
    const error = { code: -32000, message: `no ${TOKEN}`, data: { token: TOKEN } };
    const { payload } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: {}, error });
    expect(payload.error).toEqual({ code: -32000, message: 'no ***REDACTED***', data: { token: '***REDACTED***' } });
  });

  it('looks into messages between', async () => {
    const plugin = await activePlugin(secretsDetection);
    expect((await askPlugin(plugin, 'stream_message', stream({ said: TOKEN }))).violation?.code).toBe(
      'SECRETS_DETECTED',
    );
    expect((await askPlugin(plugin, 'stream_message', stream('nothing'))).violation).toBeUndefined();
  });

  it('refuses the address of a resource that holds a secret: it can not be masked', async () => {
    const plugin = await activePlugin(secretsDetection, { redact: true, block_on_detection: false });
    const ask = (uri: string) => askPlugin(plugin, 'resource_pre_fetch', { uri, metadata: {} });
    expect((await ask(`https://x.example/?token=${TOKEN}`)).violation?.description).toBe(
      'Potential secrets detected in resource address',
    );
    expect((await ask('https://x.example/?page=2')).violation).toBeUndefined();
  });

  it('gives the very payload back where nothing is found', async () => {
    const plugin = await activePlugin(secretsDetection, { redact: true });
    const payload = { name: 'echo', args: { a: 'b' }, headers: {} };
    expect((await askPlugin(plugin, 'tool_pre_invoke', payload, { state: new RequestState() })).payload).toBe(payload);
  });

  it.each([
    [{ enabled: { no_such_type: true } }, /enabled must switch types/],
    [{ enabled: { jwt_like: 'no' } }, /enabled must switch types/],
    [{ min_findings_to_block: 0 }, /min_findings_to_block/],
    [{ field_allowlist: 'body' }, /field_allowlist/],
    [{ redaction: true }, /redaction is no key/],
  ])('is not made of %j', async (config, fault) => {
    await expect(activePlugin(secretsDetection, config)).rejects.toThrow(fault);
    await expect(activePlugin(secretsDetection, config)).rejects.toBeInstanceOf(PluginConfigError);
  });

  it.each([...secretsDetection.kinds])('takes the shipped configuration of %s', async () => {
    const enabled = {
      aws_access_key_id: true,
      aws_secret_access_key: true,
      google_api_key: true,
      slack_token: true,
      private_key_block: true,
      jwt_like: true,
      hex_secret_32: true,
      base64_24: false,
    };
    const shipped = {
      enabled,
      redact: false,
      redaction_text: '***REDACTED***',
      block_on_detection: true,
      min_findings_to_block: 1,
    };
    await expect(activePlugin(secretsDetection, shipped)).resolves.toBeDefined();
  });
});
