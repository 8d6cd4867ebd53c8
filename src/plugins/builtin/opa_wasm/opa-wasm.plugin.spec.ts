import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { policyModule } from '../../../../test/fixtures/plugins/policy-module.js';
import type { ActivePlugin } from '../../chain/active-plugin.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { OPA_WASM_CASES } from './opa-wasm.cases.js';
import { opaWasm } from './opa-wasm.plugin.js';

const WASM = join(import.meta.dirname, '../../../../test/fixtures/plugins/policy.wasm');

let folder: string;
beforeAll(() => {
  Logger.overrideLogger(false);
  folder = mkdtempSync(join(tmpdir(), 'opa-wasm-'));
  writeFileSync(join(folder, 'policy.wasm'), readFileSync(WASM));
  writeFileSync(join(folder, 'data.json'), '{"roles":{"alice":"admin"}}');
  writeFileSync(join(folder, 'bad.wasm'), 'not wasm');
  const tar = (name: string, ...files: string[]) => execFileSync('tar', ['-czf', name, ...files], { cwd: folder });
  tar('bundle.tar.gz', './policy.wasm', './data.json');
  tar('empty.tar.gz', './data.json');
});
afterAll(() => rmSync(folder, { recursive: true }));

const made: ActivePlugin[] = [];
const plugin = async (rule: string, config: object = {}): Promise<ActivePlugin> => {
  const one = await activePlugin(opaWasm, { wasm_file: WASM, entrypoint: `test/${rule}`, timeout_ms: 5000, ...config });
  made.push(one);
  return one;
};
afterEach(async () => {
  await Promise.all(made.splice(0).map(async (one) => one.plugin.close()));
});
const ask = (one: ActivePlugin, text: string) =>
  askPlugin(one, 'tool_pre_invoke', { name: 'echo', args: { text }, headers: {} });

describe('opa_wasm', () => {
  it('is tested with the module that the fixture describes', () => {
    expect(readFileSync(WASM).equals(policyModule())).toBe(true);
  });

  it.each(OPA_WASM_CASES)('$title', async (row) => {
    expect(await outcomeOf(opaWasm, row)).toEqual(row.expect);
  });

  it('says what the policy says', async () => {
    expect((await ask(await plugin('reason'), 'x')).violation).toEqual({
      reason: 'OPA policy denied for tool_pre_invoke',
      description: 'tool_pre_invoke not allowed',
      code: 'DENY',
      details: { policy: 'test/reason', reason: 'not on Sundays' },
    });
  });

  it('kills a policy that does not end, and goes on with those who waited', async () => {
    const one = await plugin('loop_on_marker', { timeout_ms: 100 });
    const [looping, waiting] = await Promise.all([ask(one, '!'), ask(one, 'calm')]);
    expect(looping.violation).toMatchObject({ details: { no_decision: 'timeout' } });
    expect(waiting).not.toHaveProperty('violation');
    expect(await ask(one, 'calm')).not.toHaveProperty('violation');
  });

  it('answers many at once, each its own', async () => {
    const one = await plugin('no_marker');
    const texts = Array.from({ length: 50 }, (_, index) => (index % 3 === 0 ? '!' : 'calm'));
    const outcomes = await Promise.all(texts.map((text) => ask(one, text)));
    expect(outcomes.map(({ violation }) => violation !== undefined)).toEqual(texts.map((text) => text === '!'));
  });

  it('refuses what is too large to be asked about, and everything once it is closed', async () => {
    const one = await plugin('no_marker', { max_input_bytes: 1024 });
    expect((await ask(one, 'x'.repeat(2000))).violation?.details).toMatchObject({ no_decision: 'input_too_large' });
    await one.plugin.close();
    expect((await ask(one, 'calm')).violation?.details).toMatchObject({ no_decision: 'failed' });
  });

  it('takes an input that is larger than what the policy starts with', async () => {
    const one = await plugin('no_marker', { memory_mb: 4 });
    expect(await ask(one, 'x'.repeat(900_000))).not.toHaveProperty('violation');
  });

  it('reads a bundle with its data', async () => {
    const one = await plugin('no_marker', { wasm_file: undefined, bundle_file: join(folder, 'bundle.tar.gz') });
    expect(await ask(one, 'calm')).not.toHaveProperty('violation');
  });

  it.each<[object]>([
    [{ wasm_file: undefined }],
    [{ bundle_file: 'both' }],
    [{ wasm_file: 'none.wasm' }],
    [{ wasm_file: 'bad.wasm' }],
    [{ wasm_file: undefined, bundle_file: 'bad.wasm' }],
    [{ wasm_file: undefined, bundle_file: 'empty.tar.gz' }],
    [{ entrypoint: 'test/none' }],
    [{ entrypoint: 'toString' }],
    [{ entrypoint: undefined }],
    [{ memory_mb: 0 }],
  ])('is not made of %j', async (config) => {
    const paths = Object.fromEntries(
      Object.entries(config).map(([key, value]: [string, unknown]) => [
        key,
        key.endsWith('_file') && typeof value === 'string' ? join(folder, value) : value,
      ]),
    );
    await expect(plugin('no_marker', paths)).rejects.toThrow(PluginConfigError);
  });
});
