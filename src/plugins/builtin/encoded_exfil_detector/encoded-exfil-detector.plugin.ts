import { EncodedExfilDetector, type LocatedFinding, MOST_POINTS } from '#libs/guardrails';
import { configuredList, configuredPattern } from '../../config/configured-pattern.js';
import { WHERE } from '../../content/content-hooks.js';
import { ContentScanner } from '../../content/content-scanner.js';
import { countTypes } from '../../content/count-types.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { EncodedExfilDetectorSettings } from './encoded-exfil-detector.settings.js';

const MOST_EXAMPLES = 10;

export const encodedExfilDetector: PluginDefinition<EncodedExfilDetectorSettings> = {
  name: 'encoded_exfil_detector',
  kinds: [
    'cpex_encoded_exfil_detection.encoded_exfil_detection.EncodedExfilDetectorPlugin',
    'plugins.encoded_exfil_detection.encoded_exfil_detector.EncodedExfilDetectorPlugin',
    'plugins.encoded_exfil_detector.encoded_exfil_detector.EncodedExfilDetectorPlugin',
  ],
  description: 'Refuses or masks texts that are encoded so that nobody reads what leaves.',
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
  settings: EncodedExfilDetectorSettings,
  priority: 52,
  security: true,
  create(settings) {
    const { include_detection_details: detailed, redaction_text } = settings;
    const examples = (findings: readonly LocatedFinding[]) => findings.slice(0, MOST_EXAMPLES).map(exampleOf);
    return new ContentScanner({
      detector: detectorOf(settings),
      blocksAt: settings.block_on_detection ? settings.min_findings_to_block : undefined,
      mask: settings.redact ? () => redaction_text : undefined,
      violation: (hook, findings) => ({
        reason: 'Encoded exfiltration pattern detected',
        description: `Suspicious encoded payload detected in ${WHERE[hook]}`,
        code: 'ENCODED_EXFIL_DETECTED',
        details: { count: findings.length, ...(detailed && { examples: examples(findings) }) },
      }),
      metadata: (_, findings, redacted) =>
        settings.log_detections
          ? {
              encoded_exfil_count: findings.length,
              encoded_exfil_redacted: redacted,
              ...(detailed && {
                encoded_exfil_encodings: countTypes(findings),
                encoded_exfil_findings: examples(findings),
              }),
            }
          : undefined,
    });
  },
};

const exampleOf = ({ type, start, end, score, rule }: LocatedFinding) => ({
  encoding: type,
  score: Math.round(score * MOST_POINTS),
  reasons: rule.split('+'),
  length: end - start,
});

function detectorOf(settings: EncodedExfilDetectorSettings): EncodedExfilDetector {
  return new EncodedExfilDetector({
    enabled: settings.enabled,
    minEncodedLength: settings.min_encoded_length,
    minDecodedLength: settings.min_decoded_length,
    minEntropy: settings.min_entropy,
    minPrintableRatio: settings.min_printable_ratio,
    minSuspicionScore: settings.min_suspicion_score,
    maxDecodedRun: settings.max_scan_string_length,
    maxFindings: settings.max_findings_per_value,
    maxDecodeDepth: settings.max_decode_depth,
    allowed: configuredList(settings.allowlist_patterns, (pattern, index) =>
      configuredPattern(pattern, `allowlist_patterns[${index}]`),
    ),
    sensitiveWords: settings.extra_sensitive_keywords,
    egressHints: settings.extra_egress_hints,
  });
}
