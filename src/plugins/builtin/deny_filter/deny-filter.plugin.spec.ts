import { describe, expect, it } from 'vitest';
import { activePlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { DENY_FILTER_CASES } from './deny-filter.cases.js';
import { denyFilter } from './deny-filter.plugin.js';

describe('deny_filter', () => {
  it.each(DENY_FILTER_CASES)('$title', async (row) => {
    expect(await outcomeOf(denyFilter, row)).toEqual(row.expect);
  });

  it.each([[{}], [{ words: [] }], [{ words: [''] }], [{ words: ['a'], wrods: 1 }]])(
    'is not made of %j',
    async (config) => {
      await expect(activePlugin(denyFilter, config)).rejects.toThrow(PluginConfigError);
    },
  );
});
