import type { JsonObject } from '#libs/mcp';
import { onArguments, onOutcome } from '../../content/on-outcome.js';
import { rewriteProse } from '../../content/prose.js';
import { type HookHandlers, Plugin } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { AiArtifactsNormalizerSettings } from './ai-artifacts-normalizer.settings.js';
import { normalizeArtifacts } from './normalize-artifacts.js';

class AiArtifactsNormalizer extends Plugin {
  readonly hooks: HookHandlers;

  constructor(settings: AiArtifactsNormalizerSettings) {
    super();
    const rewrite = (text: string): string => normalizeArtifacts(text, settings);
    const args = onArguments(
      (value, context) =>
        context.content(value).map((text, { kind }) => (kind === 'key' ? text : rewrite(text))).value as JsonObject,
    );
    const outcome = onOutcome((value, context) => rewriteProse(context.content(value), rewrite).value as JsonObject);
    this.hooks = {
      prompt_pre_fetch: args,
      tool_pre_invoke: args,
      prompt_post_fetch: outcome,
      tool_post_invoke: outcome,
      resource_post_fetch: outcome,
    };
  }
}

export const aiArtifactsNormalizer: PluginDefinition<AiArtifactsNormalizerSettings> = {
  name: 'ai_artifacts_normalizer',
  kinds: ['plugins.ai_artifacts_normalizer.ai_artifacts_normalizer.AIArtifactsNormalizerPlugin'],
  description: 'Writes typographic quotes, dashes and ligatures plainly, and takes out invisible characters.',
  hooks: ['prompt_pre_fetch', 'resource_post_fetch', 'tool_post_invoke'],
  optionalHooks: ['tool_pre_invoke', 'prompt_post_fetch'],
  settings: AiArtifactsNormalizerSettings,
  priority: 138,
  security: false,
  create: (settings) => new AiArtifactsNormalizer(settings),
};
