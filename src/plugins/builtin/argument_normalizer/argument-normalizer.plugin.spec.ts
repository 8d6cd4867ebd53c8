import { describe, expect, it } from 'vitest';
import { activePlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { ARGUMENT_NORMALIZER_CASES } from './argument-normalizer.cases.js';
import { argumentNormalizer } from './argument-normalizer.plugin.js';
import { ArgumentNormalizerSettings } from './argument-normalizer.settings.js';
import { normalizeText } from './normalize-text.js';

const rules = Object.assign(new ArgumentNormalizerSettings(), { collapse_blank_lines: true });

describe('argument_normalizer', () => {
  it.each(ARGUMENT_NORMALIZER_CASES)('$title', async (row) => {
    expect(await outcomeOf(argumentNormalizer, row)).toEqual(row.expect);
  });

  it.each(['1,', '1.234,', '1/2/', ' \t', '\n ', '\n', '9', '\r', 'a\u0301', "1'2"])(
    'should come to an end with much of %j',
    (piece) => {
      const once = normalizeText(piece.repeat(300_000 / piece.length), rules);
      expect(normalizeText(once, rules)).toBe(once);
    },
  );

  it.each([
    [{ unicode_form: 'NFX' }, 'unicode_form'],
    [{ case_strategy: 'camel' }, 'case_strategy'],
    [{ field_overrides: [{}] }, 'field_overrides[0].pattern'],
    [{ field_overrides: [{ pattern: 'a', trim: 1 }] }, 'field_overrides[0].trim'],
    [{ field_overrides: [{ pattern: '(' }] }, 'field_overrides[0].pattern'],
    [{ dates: true }, 'dates'],
  ])('is not made of %j', async (config, fault) => {
    const made = activePlugin(argumentNormalizer, config);
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
  });
});
