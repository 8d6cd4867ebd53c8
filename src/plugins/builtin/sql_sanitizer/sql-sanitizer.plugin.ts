import type { LocatedFinding } from '#libs/guardrails';
import type { JsonObject } from '#libs/mcp';
import { configuredList, configuredPattern } from '../../config/configured-pattern.js';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { SqlFields } from './sql-fields.js';
import { SqlFragmentDetector } from './sql-fragment-detector.js';
import { SqlSanitizerSettings } from './sql-sanitizer.settings.js';
import { SqlStatementDetector } from './sql-statement-detector.js';

interface Doing {
  readonly strips: boolean;
  readonly blocks: boolean;
}

interface Judged<P> {
  readonly payload?: P;
  readonly violation?: Violation;
  readonly metadata?: JsonObject;
}

const MOST_ISSUES = 50;
/** A name that a caller made up may be anything. */
const PLAIN_NAME = /^[\w.-]{1,64}$/;

/** Refuses SQL that destroys or breaks out, and takes comments out of the rest. */
class SqlSanitizer extends Plugin {
  readonly hooks: HookHandlers = {
    prompt_pre_fetch: (payload, context) => this.#judge(payload, context),
    tool_pre_invoke: (payload, context) => this.#judge(payload, context),
  };

  constructor(
    private readonly statements: SqlStatementDetector,
    private readonly fragments: SqlFragmentDetector | undefined,
    private readonly doing: Doing,
  ) {
    super();
  }

  #judge<P extends { readonly args: JsonObject }>(payload: P, context: PluginContext): Judged<P> | undefined {
    const issues = this.#issues(payload.args, context);
    if (issues.length > 0 && this.doing.blocks) return { violation: refused(issues) };
    const args = this.doing.strips ? this.#stripped(payload.args, context) : payload.args;
    const changed = args !== payload.args;
    if (!changed && issues.length === 0) return undefined;
    return {
      ...(changed && { payload: { ...payload, args } }),
      metadata: { ...(changed && { sql_sanitized: true }), ...(issues.length > 0 && { sql_issues: issues }) },
    };
  }

  #issues(args: JsonObject, context: PluginContext): string[] {
    const content = context.content(args);
    // Neighbours of a list are statements each for itself, but a value can be broken out of in several steps.
    const statements = content.find(this.statements).filter(({ split }) => !split);
    const fragments = this.fragments ? content.find(this.fragments) : [];
    const issues = [
      ...statements.flatMap((finding) => finding.rule.split('\n').map((issue) => issueOf(finding, issue))),
      ...fragments.map((finding) => issueOf(finding, `SQL injection (${finding.rule})`)),
    ];
    return [...new Set(issues)].slice(0, MOST_ISSUES);
  }

  #stripped(args: JsonObject, context: PluginContext): JsonObject {
    const content = context
      .content(args)
      .map((text, { kind, label }) => (kind === 'value' ? this.statements.stripped(text, label) : text));
    return content.value as JsonObject;
  }
}

function issueOf({ text: { kind, label = '' } }: LocatedFinding, issue: string): string {
  if (kind === 'key') return `a key: ${issue}`;
  return `${PLAIN_NAME.test(label) ? label : 'an argument'}: ${issue}`;
}

const refused = (issues: string[]): Violation => ({
  reason: 'Risky SQL detected',
  description: 'Potentially dangerous SQL detected in arguments',
  code: 'SQL_SANITIZER',
  details: { issues },
});

const VERB = /^(?:\\b)?[a-z]+(?:\\b)?$/i;

export const sqlSanitizer: PluginDefinition<SqlSanitizerSettings> = {
  name: 'sql_sanitizer',
  kinds: [
    'plugins.sql_sanitizer.sql_sanitizer.SQLSanitizerPlugin',
    'cpex_sql_sanitizer.sql_sanitizer.SQLSanitizerPlugin',
    'cpex_sql_sanitizer.SQLSanitizerPlugin',
  ],
  description: 'Refuses arguments with SQL that destroys or breaks out of a value, and strips comments from SQL.',
  hooks: ['prompt_pre_fetch', 'tool_pre_invoke'],
  settings: SqlSanitizerSettings,
  priority: 45,
  security: true,
  create: (settings) => {
    const fields = new SqlFields(settings.fields);
    const patterns = configuredList(settings.blocked_statements, (entry, index) =>
      VERB.test(entry) ? [] : [configuredPattern(entry, `blocked_statements[${index}]`, ['i'])],
    ).flat();
    const rules = {
      blockedStatements: settings.blocked_statements.filter((entry) => VERB.test(entry)),
      blockDeleteWithoutWhere: settings.block_delete_without_where,
      blockUpdateWithoutWhere: settings.block_update_without_where,
      requireParameterization: settings.require_parameterization,
      blockAttacks: settings.detect_injection,
    };
    return new SqlSanitizer(
      new SqlStatementDetector(rules, patterns, fields),
      settings.detect_injection ? new SqlFragmentDetector(fields) : undefined,
      { strips: settings.strip_comments, blocks: settings.block_on_violation },
    );
  },
};
