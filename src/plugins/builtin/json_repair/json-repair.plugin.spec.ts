import { describe, expect, it } from 'vitest';
import { activePlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { JSON_REPAIR_CASES } from './json-repair.cases.js';
import { jsonRepair } from './json-repair.plugin.js';
import { repairJson } from './repair-json.js';

describe('json_repair', () => {
  it.each(JSON_REPAIR_CASES)('$title', async (row) => {
    expect(await outcomeOf(jsonRepair, row)).toEqual(row.expect);
  });

  it.each(['[', '{"a":', "{'a',", '["a" ', '{a', '[1,', '\\"', '{"a":"b" '])(
    'should come to an end with much of %j, with JSON or with nothing',
    (piece) => {
      const repaired = repairJson(piece.repeat(100_000 / piece.length));
      if (repaired !== undefined) expect(() => JSON.parse(repaired) as unknown).not.toThrow();
      else expect(repaired).toBeUndefined();
    },
  );

  it.each([[{ max_length: 0 }], [{ max_length: 100_001 }], [{ length: 1 }]])('is not made of %j', async (config) => {
    await expect(activePlugin(jsonRepair, config)).rejects.toThrow(PluginConfigError);
  });
});
