import type { JsonObject } from '#libs/mcp';
import type { CatalogItem } from '../../../registry/catalog/catalog.js';
import type { CatalogScan } from '../../hooks.js';
import { type Flag, IntegrityKeeper, type OnFlagged } from '../../integrity/integrity-keeper.js';
import type { ToolLedger } from '../../integrity/tool-ledger.js';
import type { HookHandlers, PluginResult, Violation } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { DefinitionFlags } from './definition-flags.js';
import { ToolIntegritySettings } from './tool-integrity.settings.js';

const WHY: Readonly<Record<string, string>> = {
  changed: 'Its definition is not any more what was approved',
  blocked: 'It was blocked',
  pending: 'Its definition is not approved yet',
};

/** Lets calls pass to tools whose definition is the one that was approved. */
class ToolIntegrity extends IntegrityKeeper {
  readonly trustOnFirstUse: boolean;
  readonly onFlagged: OnFlagged;
  readonly hooks: HookHandlers = {
    catalog_scan: (scan) => this.#scan(scan),
    tool_pre_invoke: (_, { facts: { target } }) => (target?.gateway ? this.#judge(target) : undefined),
  };
  readonly #flags: DefinitionFlags;

  constructor(
    { trust_on_first_use, on_flagged, poisoning_threshold }: ToolIntegritySettings,
    private readonly ledger: ToolLedger,
  ) {
    super();
    this.trustOnFirstUse = trust_on_first_use;
    this.onFlagged = on_flagged;
    this.#flags = new DefinitionFlags(poisoning_threshold);
  }

  flagsOf(definition: JsonObject): readonly Flag[] {
    return this.#flags.of(definition);
  }

  /** Tools are stored whatever they look like, for somebody to review; of the others nobody could approve one. */
  #scan({ kind, definition }: CatalogScan): PluginResult<'catalog_scan'> | undefined {
    if (kind === 'tool' || this.onFlagged !== 'block') return undefined;
    const [flag] = this.flagsOf(definition);
    if (!flag) return undefined;
    const details = { rule: flag.rule, field: flag.field };
    const description = `The definition of the ${kind} looks wrong: its ${flag.field} ${flag.text}`;
    return { violation: { reason: 'Definition looks wrong', description, code: 'DEFINITION_FLAGGED', details } };
  }

  // The catalogue lags behind what was decided a moment ago.
  #judge(target: CatalogItem): PluginResult<'tool_pre_invoke'> | Promise<PluginResult<'tool_pre_invoke'>> | undefined {
    if (target.standing === 'approved') return undefined;
    if (target.standing !== undefined) return { violation: notApproved(target.id, target.standing) };
    return this.ledger
      .stateOf(target.id)
      .then((state = 'pending') => (state === 'approved' ? {} : { violation: notApproved(target.id, state) }));
  }
}

const notApproved = (toolId: string, state: string): Violation => ({
  reason: 'Tool not approved',
  description: `${WHY[state] ?? WHY['pending']}; an administrator can review it at /admin/tool-integrity/${toolId}`,
  code: 'TOOL_NOT_APPROVED',
  details: { tool_id: toolId, state },
});

export const toolIntegrity: PluginDefinition<ToolIntegritySettings> = {
  name: 'tool_integrity',
  kinds: [],
  description:
    'Blocks calls of tools whose definition changed since it was approved, and flags definitions that look wrong.',
  hooks: ['catalog_scan', 'tool_pre_invoke'],
  settings: ToolIntegritySettings,
  priority: 5,
  security: true,
  create: (settings, { tools }) => new ToolIntegrity(settings, tools),
};
