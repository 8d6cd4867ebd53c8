export type { Detector } from './detector.js';
export type { Finding } from './finding.js';
export { CONTENT_LIMITS, ContentLimitError, type ContentLimits } from './content/content-limits.js';
export type { ContentText, Step, TextKind, Written } from './content/content-text.js';
export { Content, type LocatedFinding, type Mask } from './content/content.js';
export { SqlInjectionDetector } from './sql/sql-injection-detector.js';
export { isSqlStatement } from './sql/is-sql-statement.js';
export { inspectSql, type SqlInspection, type SqlRules } from './sql/sql-statements.js';
export { CATEGORY_THRESHOLDS, type Category } from './moderation/categories.js';
export { CodeSafetyDetector } from './moderation/code-safety.js';
export type { Judgement, Scores } from './moderation/evidence.js';
export { HarmfulContentDetector } from './moderation/harmful-content.js';
export { ModerationLexicon } from './moderation/moderation-lexicon.js';
export { preview } from './secrets/preview.js';
export { SECRET_TYPES, SecretsDetector } from './secrets/secrets-detector.js';
export { mergeFindings } from './merge-findings.js';
export { mask, type MaskOptions, type MaskStrategy } from './pii/mask.js';
export { PII_TYPES, PiiDetector, type PiiOptions } from './pii/pii-detector.js';
export { PromptInjectionDetector, type PromptInjectionOptions } from './prompt-injection/prompt-injection-detector.js';
export type { InjectionJudgement, Reason } from './prompt-injection/window-score.js';
export {
  ToolPoisoningDetector,
  type ToolJudgement,
  type ToolPoisoningOptions,
  type ToolReason,
} from './tool-poisoning/tool-poisoning-detector.js';
export type { ToolDefinition } from './tool-poisoning/tool-text.js';
export { compilePattern, withInstructions } from './patterns/compile-pattern.js';
export { PATTERN_MS, withPatternTime } from './patterns/pattern-time.js';
export { TimeShare } from './patterns/time-share.js';
export { evilPattern } from './patterns/evil-pattern.js';
export { type Pattern, PatternError, type PatternFlag, type Span } from './patterns/pattern.js';
export { EncodedExfilDetector, type EncodedExfilOptions, MOST_POINTS } from './encoded-exfil/encoded-exfil-detector.js';
export type { ExfilEncoding } from './encoded-exfil/run-finder.js';
