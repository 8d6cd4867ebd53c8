import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf } from '../mcp/raw-caller.js';
import { answering } from '../mcp/raw-upstream.js';
import { GuardedGate } from './guarded-gate.js';

const PROFILE = readFileSync(join(import.meta.dirname, '../../../config/plugins.yaml'), 'utf8');
const FILE = readFileSync(join(import.meta.dirname, '../../fixtures/plugins/reference-config.yaml'), 'utf8');

let guarded: GuardedGate;
beforeAll(async () => {
  guarded = await GuardedGate.start();
});
afterAll(() => guarded.stop());
beforeEach(async () => {
  guarded.gate.reset();
  // Anew each time, with counts of nothing.
  await guarded.write('plugins: []');
  await guarded.write(FILE);
  expect(guarded.loader.state.faults).toEqual([]);
});

const call = async (args: object) =>
  guarded.gate.callers.legacy.legacy('tools/call', { name: 'tool', arguments: { ...args } });
const errorOf = async (args: object) => jsonOf(await call(args)).error;
const resultOf = async (text: string) => {
  guarded.gate.upstreams.legacy.script = answering(JSON.stringify({ content: [{ type: 'text', text }] }));
  const { error, result } = jsonOf(await call({}));
  return error ?? result.content[0].text;
};
const sent = () => JSON.parse(guarded.gate.upstreams.legacy.seen.at(-1)?.body ?? '{}').params.arguments;

describe('the file of the documented contract', () => {
  it('loads unchanged, and runs what it does not disable', async () => {
    const { body } = await guarded.gate.running.rest('GET', '/admin/plugins');
    const of = (status: string) => body.plugins.filter((plugin: { status: string }) => plugin.status === status).length;
    const disabled = FILE.match(/mode: .?disabled/g)?.length;
    expect([of('disabled'), of('failed'), of('enabled')]).toEqual([disabled, 0, body.total - (disabled ?? 0)]);
  });

  it('denies prompts in the pinned words', async () => {
    const { running } = guarded.gate;
    const { body: prompts } = await running.rest('GET', '/prompts');
    const answer = await running.rest('POST', `/prompts/${prompts[0].id}`, { a: 'a REVOLUTIONARY idea' });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        message:
          'prompt_pre_fetch blocked by plugin DenyListPlugin: deny - Prompt not allowed (A deny word was found in the prompt)',
        details: 'A deny word was found in the prompt',
      },
    });
  });

  it('limits rates in the pinned words', async () => {
    const answers = [];
    for (let count = 0; count < 61; count++) answers.push(await call({}));
    expect(answers.slice(0, 60).every(({ status }) => status === 200)).toBe(true);
    const last = answers[60];
    expect(last).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
    expect(last && jsonOf(last).error.message).toBe(
      'tool_pre_invoke blocked by plugin RateLimiterPlugin: RATE_LIMIT - Rate limit exceeded (Rate limit exceeded)',
    );
  });

  it('judges SQL', async () => {
    const { data } = await errorOf({ sql: 'DELETE FROM users' });
    expect(data).toMatchObject({ plugin_error_code: 'SQL_SANITIZER', plugin_name: 'SQLSanitizer' });
    expect(data.details.issues).toContain('sql: DELETE without WHERE clause');
    expect(await errorOf({ sql: 'DELETE FROM users WHERE id = 7', note: 'drop by the office' })).toBeUndefined();
  });

  it('masks personal data in results of MCP, and leaves numbers alone that are none', async () => {
    expect(await resultOf('mail john.smith@example.com, card 4111 1111 1111 1111')).toBe(
      'mail j***h@example.com, card ****-****-****-1111',
    );
    expect(await resultOf('order 12345 of the year 2024')).toBe('order 12345 of the year 2024');
  });

  it('refuses secrets in results, without a character of them', async () => {
    // A test fixture, not a secret; in two parts, for those who look for secrets in sources.
    const secret = ['ghp_', '16C7e42F292c6912E7710c838347Ae178B4a'].join('');
    const error = await resultOf(`token: ${secret}`);
    expect(error.data.plugin_error_code).toBe('SECRETS_DETECTED');
    expect(JSON.stringify(error)).not.toContain(secret.slice(0, 8));
  });

  it('replaces words one rule after another', async () => {
    await call({ text: 'what a crap', deep: [{ text: 'crud' }] });
    expect(sent()).toEqual({ text: 'what a yikes', deep: [{ text: 'yikes' }] });
  });

  it('cuts what is too long to its very limit', async () => {
    const text = await resultOf('word '.repeat(4000));
    expect([text.length, text.at(-1)]).toEqual([8000, '…']);
  });

  it('refuses arguments that do not fit a schema, and code that does harm', async () => {
    expect((await resultOf('import os\nos.system("rm -rf /")')).data.plugin_error_code).toBe('CODE_SAFETY');
  });
});

describe('the profile to start from', () => {
  it('loads, and lets ordinary calls pass', async () => {
    await guarded.write(PROFILE);
    expect(guarded.loader.state.faults).toEqual([]);
    expect(await resultOf('The meeting is on Tuesday.')).toBe('The meeting is on Tuesday.');
    expect(await resultOf('mail john.smith@example.com')).toBe('mail [REDACTED]');
  });
});
