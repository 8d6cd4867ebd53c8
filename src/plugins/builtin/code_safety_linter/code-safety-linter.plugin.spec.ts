import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { CODE_SAFETY_LINTER_CASES } from './code-safety-linter.cases.js';
import { codeSafetyLinter } from './code-safety-linter.plugin.js';

describe('code_safety_linter', () => {
  it.each(CODE_SAFETY_LINTER_CASES)('$title', async (row) => {
    expect(await outcomeOf(codeSafetyLinter, row)).toEqual(row.expect);
  });

  it('should name the rules, and nothing of the code', async () => {
    const plugin = await activePlugin(codeSafetyLinter, { blocked_patterns: ['s3cr.t'] });
    const error = { code: 1, message: 's3cret s3cret' };
    const { violation } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: {}, error });
    expect(violation).toMatchObject({ code: 'CODE_SAFETY', details: { patterns: ['blocked_patterns[0]'], count: 2 } });
    expect(JSON.stringify(violation)).not.toContain('s3cret');
  });

  it.each([
    [{ blocked_patterns: ['a', '('] }, 'blocked_patterns[1]'],
    [{ blocked_patterns: [''] }, 'blocked_patterns'],
    [{ use_default_rules: 1 }, 'use_default_rules'],
    [{ patterns: [] }, 'patterns'],
  ])('is not made of %j', async (config, fault) => {
    const made = activePlugin(codeSafetyLinter, config);
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
  });
});
