import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import type { JsonObject } from '#libs/mcp';
import { PluginContext, RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { SQL_SANITIZER_CASES } from './sql-sanitizer.cases.js';
import { sqlSanitizer } from './sql-sanitizer.plugin.js';

const issuesOf = async (args: JsonObject): Promise<unknown> => {
  const plugin = await activePlugin(sqlSanitizer);
  const { violation } = await askPlugin(plugin, 'tool_pre_invoke', { name: 'echo', args, headers: {} });
  return violation?.details?.['issues'];
};

describe('sql_sanitizer', () => {
  it.each(SQL_SANITIZER_CASES)('$title', async (row) => {
    expect(await outcomeOf(sqlSanitizer, row)).toEqual(row.expect);
  });

  it('should say what is wrong, and where', async () => {
    expect(await issuesOf({ query: 'DELETE FROM users' })).toEqual(['query: DELETE without WHERE clause']);
    expect(await issuesOf({ sql: 'DROP TABLE a; DELETE FROM b' })).toEqual([
      String.raw`sql: Blocked statement matched: \bDROP\b`,
      'sql: DELETE without WHERE clause',
      'sql: Stacked statements',
    ]);
    expect(await issuesOf({ name: "1' OR 1=1 --" })).toEqual(['name: SQL injection (tautology)']);
  });

  it('should not quote names that a caller made up', async () => {
    expect(await issuesOf({ 'my secret': 'DROP TABLE a' })).toEqual([
      String.raw`an argument: Blocked statement matched: \bDROP\b`,
    ]);
  });

  it('should note what it did not refuse', async () => {
    const { plugin } = await activePlugin(sqlSanitizer, { block_on_violation: false });
    const args = { sql: 'DELETE FROM users /* all */' };
    const context = new PluginContext(FACTS, new RequestState(), plugin);
    expect(plugin.hooks.tool_pre_invoke?.({ name: 'echo', args, headers: {} }, context)).toMatchObject({
      payload: { args: { sql: 'DELETE FROM users' } },
      metadata: { sql_sanitized: true, sql_issues: ['sql: DELETE without WHERE clause'] },
    });
  });

  it.each([
    [{ blocked_statements: ['DROP', '(?=x)'] }, 'blocked_statements[1]'],
    [{ blocked_statements: ['('] }, 'blocked_statements[0]'],
    [{ fields: 'sql' }, 'fields'],
    [{ strip_comment: true }, 'strip_comment'],
  ])('is not made of %j', async (config, fault) => {
    const made = activePlugin(sqlSanitizer, config);
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
  });
});
