import type { JsonObject } from '#libs/mcp';
import { fitsPattern } from '../../chain/conditions.js';
import { configuredList } from '../../config/configured-pattern.js';
import type { ToolPostInvoke } from '../../hooks.js';
import { type HookHandlers, Plugin, type PluginResult } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import { SchemaGuardSettings } from './schema-guard.settings.js';
import { SchemaJudge } from './schema-judge.js';

const MOST_SCHEMAS = 1000;
const REASON = 'Schema validation failed';
const MISFIT = {
  arguments: { reason: REASON, description: 'Arguments do not conform to schema', code: 'SCHEMA_GUARD_ARGS' },
  result: { reason: REASON, description: 'Result does not conform to schema', code: 'SCHEMA_GUARD_RESULT' },
} as const;

interface NamedJudge {
  readonly pattern: string;
  readonly judge: SchemaJudge;
}

/** Holds the arguments and the results of tools to schemas. */
class SchemaGuard extends Plugin {
  readonly hooks: HookHandlers = {
    tool_pre_invoke: ({ name, args }, context) => this.#judge(this.args, 'arguments', args, name, context),
    tool_post_invoke: (payload, context) =>
      isFailure(payload) ? undefined : this.#judge(this.results, 'result', valueOf(payload), payload.name, context),
  };

  constructor(
    private readonly args: readonly NamedJudge[],
    private readonly results: readonly NamedJudge[],
    private readonly blocks: boolean,
  ) {
    super();
  }

  #judge(
    judges: readonly NamedJudge[],
    what: keyof typeof MISFIT,
    value: unknown,
    name: string,
    { facts }: PluginContext,
  ): Pick<PluginResult, 'violation' | 'metadata'> | undefined {
    const names = facts.target ? [name, facts.target.name] : [name];
    const errors = judges
      .filter(({ pattern }) => names.some((known) => fitsPattern(pattern, known)))
      .flatMap(({ judge }) => judge.errorsOf(value));
    if (errors.length === 0) return undefined;
    return this.blocks
      ? { violation: { ...MISFIT[what], details: { errors } }, metadata: { schema_errors: errors } }
      : { metadata: { schema_errors: errors } };
  }
}

/** What failed says so in words; it has no result that could fit. */
const isFailure = ({ result, error }: ToolPostInvoke): boolean =>
  error !== undefined || (result['isError'] === true && (result['structuredContent'] ?? undefined) === undefined);

/** What the tool made: its structured content; or else its only text, read as JSON where it is JSON. */
function valueOf({ result }: ToolPostInvoke): unknown {
  const { structuredContent = null, content } = result;
  if (structuredContent !== null) return structuredContent;
  const [only, ...others] = (Array.isArray(content) ? content : []) as readonly JsonObject[];
  if (others.length > 0 || typeof only?.['text'] !== 'string') return null;
  try {
    return JSON.parse(only['text']) as unknown;
  } catch {
    return only['text'];
  }
}

function judgesOf(schemas: Readonly<Record<string, unknown>>, key: string): NamedJudge[] {
  const entries = Object.entries(schemas);
  if (entries.length > MOST_SCHEMAS) throw new PluginConfigError([`${key} has more than ${MOST_SCHEMAS} schemas`]);
  return configuredList(entries, ([pattern, schema]) => ({
    pattern,
    judge: SchemaJudge.of(schema, `${key}.${pattern}`),
  }));
}

export const schemaGuard: PluginDefinition<SchemaGuardSettings> = {
  name: 'schema_guard',
  kinds: ['plugins.schema_guard.schema_guard.SchemaGuardPlugin'],
  description: 'Holds the arguments and the results of tools to JSON Schemas.',
  hooks: ['tool_pre_invoke', 'tool_post_invoke'],
  settings: SchemaGuardSettings,
  priority: 110,
  security: true,
  create: ({ arg_schemas, result_schemas, block_on_violation }) =>
    new SchemaGuard(
      judgesOf(arg_schemas, 'arg_schemas'),
      judgesOf(result_schemas, 'result_schemas'),
      block_on_violation,
    ),
};
