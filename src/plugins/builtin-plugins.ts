import { aiArtifactsNormalizer } from './builtin/ai_artifacts_normalizer/ai-artifacts-normalizer.plugin.js';
import { argumentNormalizer } from './builtin/argument_normalizer/argument-normalizer.plugin.js';
import { cachedToolResult } from './builtin/cached_tool_result/cached-tool-result.plugin.js';
import { circuitBreaker } from './builtin/circuit_breaker/circuit-breaker.plugin.js';
import { codeSafetyLinter } from './builtin/code_safety_linter/code-safety-linter.plugin.js';
import { contentModeration } from './builtin/content_moderation/content-moderation.plugin.js';
import { denyFilter } from './builtin/deny_filter/deny-filter.plugin.js';
import { dlp } from './builtin/dlp/dlp.plugin.js';
import { encodedExfilDetector } from './builtin/encoded_exfil_detector/encoded-exfil-detector.plugin.js';
import { external } from './builtin/external/external.plugin.js';
import { fileTypeAllowlist } from './builtin/file_type_allowlist/file-type-allowlist.plugin.js';
import { harmfulContentDetector } from './builtin/harmful_content_detector/harmful-content-detector.plugin.js';
import { headerFilter } from './builtin/header_filter/header-filter.plugin.js';
import { headerInjector } from './builtin/header_injector/header-injector.plugin.js';
import { jsonRepair } from './builtin/json_repair/json-repair.plugin.js';
import { markdownCleaner } from './builtin/markdown_cleaner/markdown-cleaner.plugin.js';
import { opa } from './builtin/opa/opa.plugin.js';
import { opaWasm } from './builtin/opa_wasm/opa-wasm.plugin.js';
import { outputLengthGuard } from './builtin/output_length_guard/output-length-guard.plugin.js';
import { piiFilter } from './builtin/pii_filter/pii-filter.plugin.js';
import { privacyNoticeInjector } from './builtin/privacy_notice_injector/privacy-notice-injector.plugin.js';
import { promptInjectionGuard } from './builtin/prompt_injection_guard/prompt-injection-guard.plugin.js';
import { rateLimiter } from './builtin/rate_limiter/rate-limiter.plugin.js';
import { regexFilter } from './builtin/regex_filter/regex-filter.plugin.js';
import { resourceFilter } from './builtin/resource_filter/resource-filter.plugin.js';
import { retryWithBackoff } from './builtin/retry_with_backoff/retry-with-backoff.plugin.js';
import { safeHtmlSanitizer } from './builtin/safe_html_sanitizer/safe-html-sanitizer.plugin.js';
import { schemaGuard } from './builtin/schema_guard/schema-guard.plugin.js';
import { secretsDetection } from './builtin/secrets_detection/secrets-detection.plugin.js';
import { sqlSanitizer } from './builtin/sql_sanitizer/sql-sanitizer.plugin.js';
import { toolIntegrity } from './builtin/tool_integrity/tool-integrity.plugin.js';
import { urlReputation } from './builtin/url_reputation/url-reputation.plugin.js';
import { vault } from './builtin/vault/vault.plugin.js';
import { watchdog } from './builtin/watchdog/watchdog.plugin.js';
import { webhookNotification } from './builtin/webhook_notification/webhook-notification.plugin.js';
import type { PluginDefinition } from './plugin-definition.js';

/** Every plugin of the house. Each is a folder of `builtin/`. */
export const BUILTIN_PLUGINS: readonly PluginDefinition[] = [
  aiArtifactsNormalizer,
  argumentNormalizer,
  cachedToolResult,
  circuitBreaker,
  codeSafetyLinter,
  contentModeration,
  denyFilter,
  dlp,
  encodedExfilDetector,
  external,
  fileTypeAllowlist,
  harmfulContentDetector,
  headerFilter,
  headerInjector,
  jsonRepair,
  markdownCleaner,
  opa,
  opaWasm,
  outputLengthGuard,
  piiFilter,
  privacyNoticeInjector,
  promptInjectionGuard,
  rateLimiter,
  regexFilter,
  resourceFilter,
  retryWithBackoff,
  safeHtmlSanitizer,
  schemaGuard,
  secretsDetection,
  sqlSanitizer,
  toolIntegrity,
  urlReputation,
  vault,
  watchdog,
  webhookNotification,
];
