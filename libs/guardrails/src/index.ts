export type { Detector } from './detector.js';
export type { Finding } from './finding.js';
export { CONTENT_LIMITS, ContentLimitError, type ContentLimits } from './content/content-limits.js';
export type { ContentText, Step, TextKind } from './content/content-text.js';
export { Content, type LocatedFinding, type Mask } from './content/content.js';
export { SqlInjectionDetector } from './sql/sql-injection-detector.js';
export { inspectSql, type SqlInspection, type SqlRules } from './sql/sql-statements.js';
