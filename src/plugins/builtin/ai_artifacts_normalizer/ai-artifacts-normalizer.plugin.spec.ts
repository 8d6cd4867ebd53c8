import { describe, expect, it } from 'vitest';
import { activePlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { AI_ARTIFACTS_NORMALIZER_CASES } from './ai-artifacts-normalizer.cases.js';
import { aiArtifactsNormalizer } from './ai-artifacts-normalizer.plugin.js';
import { AiArtifactsNormalizerSettings } from './ai-artifacts-normalizer.settings.js';
import { normalizeArtifacts } from './normalize-artifacts.js';

describe('ai_artifacts_normalizer', () => {
  it.each(AI_ARTIFACTS_NORMALIZER_CASES)('$title', async (row) => {
    expect(await outcomeOf(aiArtifactsNormalizer, row)).toEqual(row.expect);
  });

  it.each([' ', 'a  ', '\t\n', '\u{E0041}', '\u200D', '“'])('should come to an end with much of %j', (piece) => {
    const settings = new AiArtifactsNormalizerSettings();
    const once = normalizeArtifacts(piece.repeat(300_000 / piece.length), settings);
    expect(normalizeArtifacts(once, settings)).toBe(once);
  });

  it.each([[{ normalize_dashes: 1 }], [{ dashes: true }]])('is not made of %j', async (config) => {
    await expect(activePlugin(aiArtifactsNormalizer, config)).rejects.toThrow(PluginConfigError);
  });
});
