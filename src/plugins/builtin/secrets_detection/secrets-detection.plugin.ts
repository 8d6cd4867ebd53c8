import { type LocatedFinding, preview, SecretsDetector } from '#libs/guardrails';
import { WHERE } from '../../content/content-hooks.js';
import { ContentScanner } from '../../content/content-scanner.js';
import { countTypes } from '../../content/count-types.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { SecretsDetectionSettings } from './secrets-detection.settings.js';

const MOST_EXAMPLES = 5;

export const secretsDetection: PluginDefinition<SecretsDetectionSettings> = {
  name: 'secrets_detection',
  kinds: [
    'plugins.secrets_detection.secrets_detection.SecretsDetectionPlugin',
    'cpex_secrets_detection.secrets_detection.SecretsDetectionPlugin',
  ],
  description: 'Refuses or masks credentials: keys, tokens and passwords, in any encoding.',
  hooks: ['prompt_pre_fetch', 'tool_post_invoke', 'resource_post_fetch'],
  optionalHooks: [
    'tool_pre_invoke',
    'prompt_post_fetch',
    'resource_pre_fetch',
    'stream_message',
    'agent_pre_invoke',
    'agent_post_invoke',
    'catalog_scan',
  ],
  settings: SecretsDetectionSettings,
  priority: 51,
  security: true,
  create: (settings) =>
    new ContentScanner({
      detector: new SecretsDetector(settings.enabled),
      blocksAt: settings.block_on_detection ? settings.min_findings_to_block : undefined,
      mask: settings.redact ? () => settings.redaction_text : undefined,
      counts: fieldsOf(settings),
      violation: (hook, findings) => ({
        reason: 'Secrets detected',
        description: `Potential secrets detected in ${WHERE[hook]}`,
        code: 'SECRETS_DETECTED',
        details: {
          count: findings.length,
          examples: findings
            .slice(0, MOST_EXAMPLES)
            .map((finding) => ({ type: finding.type, match: preview(finding) })),
        },
      }),
      metadata: (_, findings, redacted) => ({
        secrets_detection: { count: findings.length, types: countTypes(findings), redacted },
      }),
    }),
};

/** Whether a finding stands where the settings want secrets looked for. */
function fieldsOf({
  field_allowlist,
  field_denylist,
}: SecretsDetectionSettings): ((finding: LocatedFinding) => boolean) | undefined {
  if (field_allowlist.length + field_denylist.length === 0) return undefined;
  const [allowed, denied] = [new Set<string | number>(field_allowlist), new Set<string | number>(field_denylist)];
  return ({ text: { path } }) =>
    (allowed.size === 0 || path.some((step) => allowed.has(step))) && !path.some((step) => denied.has(step));
}
