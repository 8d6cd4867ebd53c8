import type { LocatedFinding } from '#libs/guardrails';
import type { JsonObject } from '#libs/mcp';
import { WHERE } from '../../content/content-hooks.js';
import { ContentScanner } from '../../content/content-scanner.js';
import { countTypes } from '../../content/count-types.js';
import type { ContentHook } from '../../content/payload-content.js';
import type { Violation } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { PiiFilterSettings } from './pii-filter.settings.js';
import { PiiScanner } from './pii-scanner.js';

type Findings = readonly LocatedFinding[];

const CODES: { readonly [H in ContentHook]?: string } = {
  tool_pre_invoke: 'PII_DETECTED_IN_TOOL_ARGS',
  tool_post_invoke: 'PII_DETECTED_IN_TOOL_RESULT',
};
/** The names of hooks in the audit trail, where they differ from the hooks'. */
const STAGES: { readonly [H in ContentHook]?: string } = {
  prompt_pre_fetch: 'pre_fetch',
  prompt_post_fetch: 'post_fetch',
};

export const piiFilter: PluginDefinition<PiiFilterSettings> = {
  name: 'pii_filter',
  kinds: ['plugins.pii_filter.pii_filter.PIIFilterPlugin', 'cpex_pii_filter.pii_filter.PIIFilterPlugin'],
  description: 'Masks, or refuses, personal data that can be told by its form.',
  hooks: ['prompt_pre_fetch', 'prompt_post_fetch', 'tool_pre_invoke', 'tool_post_invoke'],
  optionalHooks: [
    'resource_pre_fetch',
    'resource_post_fetch',
    'stream_message',
    'agent_pre_invoke',
    'agent_post_invoke',
    'catalog_scan',
  ],
  settings: PiiFilterSettings,
  priority: 50,
  security: true,
  create(settings) {
    const { block_on_detection, log_detections, include_detection_details } = settings;
    const scanner = new PiiScanner(settings);
    return new ContentScanner({
      detector: scanner,
      blocksAt: block_on_detection ? 1 : undefined,
      mask: (finding, matched) => scanner.mask(finding, matched),
      violation: (hook, findings) => violationOf(hook, findings, include_detection_details),
      metadata: (hook, findings, masked) =>
        log_detections ? metadataOf(hook, findings, masked, include_detection_details) : undefined,
    });
  },
};

function violationOf(hook: ContentHook, findings: Findings, detailed: boolean): Violation {
  const types = Object.keys(countTypes(findings));
  const count = findings.length;
  const isTool = hook === 'tool_pre_invoke' || hook === 'tool_post_invoke';
  const counted = isTool ? { total_count: count } : { count };
  const told = isTool ? { detected_types: types } : { field: fieldsOf(findings)[0] ?? null, types };
  return {
    reason: `PII detected in ${WHERE[hook]}`,
    description: detailed ? `Sensitive information detected: ${types.join(', ')}` : 'Sensitive information detected',
    code: CODES[hook] ?? 'PII_DETECTED',
    details: { ...(detailed && told), ...counted },
  };
}

function metadataOf(hook: ContentHook, findings: Findings, masked: boolean, detailed: boolean): JsonObject {
  const { length } = findings;
  const types = countTypes(findings);
  const told = detailed && { types: Object.keys(types), fields: fieldsOf(findings), counts: types };
  return {
    pii_detections: { [STAGES[hook] ?? hook]: { detected: true, total_count: length, ...told } },
    pii_filter_stats: { total_detections: length, total_masked: masked ? length : 0 },
  };
}

/** The outermost members in which something was found, but names that are personal themselves. */
function fieldsOf(findings: Findings): string[] {
  const personal = new Set(findings.flatMap(({ text }) => (text.kind === 'key' ? [text.text] : [])));
  const fields = new Set(findings.map(({ text }) => text.path[0]));
  return [...fields].filter((field) => typeof field === 'string' && !personal.has(field)).map(String);
}
