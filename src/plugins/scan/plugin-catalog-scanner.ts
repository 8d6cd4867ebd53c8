import { FieldRules } from '#libs/fields';
import { itemFault, type ItemKind, type JsonObject, type SkippedItem } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { setImmediate as breathe } from 'node:timers/promises';
import { GatewayError } from '../../http/errors.js';
import type { Survey } from '../../registry/gateways/upstream-client.js';
import {
  type CatalogueScan,
  CatalogScanner,
  type ScannedGateway,
  type ScannedItem,
} from '../../registry/scan/catalog-scanner.js';
import { PluginChains } from '../chain/plugin-chains.js';
import { type HookCall, runHook } from '../chain/run-hook.js';
import { PluginEvents } from '../events/plugin-events.js';
import type { CatalogScan } from '../hooks.js';
import { RequestState } from '../plugin-context.js';
import { StoredToolLedger } from '../integrity/stored-tool-ledger.js';
import { definitionScan } from './definition-scan.js';
import { scanFacts } from './scan-facts.js';

const HOOK = 'catalog_scan';
/** Other work gets its turn after so many definitions. */
const IN_A_ROW = 50;

/** Runs `catalog_scan` for everything that is to be stored in the registry. */
@Injectable()
export class PluginCatalogScanner extends CatalogScanner {
  constructor(
    private readonly chains: PluginChains,
    private readonly events: PluginEvents,
    private readonly fields: FieldRules,
    private readonly ledger: StoredToolLedger,
  ) {
    super();
  }

  async scan(gateway: ScannedGateway, survey: Survey, by: string | undefined): Promise<CatalogueScan> {
    const catalogue = this.chains.serves(HOOK) ? await this.#passed(gateway, survey, by) : survey.catalogue;
    const tools = await this.ledger.look(gateway, catalogue.tools);
    return { catalogue, stored: (manager) => tools.store(manager), committed: () => tools.tell(by) };
  }

  async demand({ kind, name, definition, teamId }: ScannedItem, by: string): Promise<void> {
    if (!this.chains.serves(HOOK)) return;
    const { refused } = await this.#judge({ kind, name, definition }, teamId, this.#call(teamId, by));
    if (refused !== undefined) throw new GatewayError('validation_failed', `the ${kind} ${refused}`, 'guardrail');
  }

  async #passed({ teamId }: ScannedGateway, { catalogue, discovery }: Survey, by: string | undefined) {
    const call = this.#call(teamId, by);
    const skipped: SkippedItem[] = [...catalogue.skipped];
    const passed = async (kind: ItemKind, items: readonly JsonObject[]): Promise<JsonObject[]> => {
      const kept: JsonObject[] = [];
      for (const [index, item] of items.entries()) {
        if (index % IN_A_ROW === IN_A_ROW - 1) await breathe();
        const given = definitionScan(kind, item);
        const { refused, definition } = await this.#judge(given, teamId, call);
        // What a guardrail made of it has to be what any upstream's has to be.
        const fault =
          refused ??
          (definition === item
            ? undefined
            : (itemFault(kind, definition, discovery.era, this.fields) ?? changedName(kind, item, definition)));
        if (fault === undefined) kept.push(definition);
        else skipped.push({ kind, name: given.name.slice(0, 128), reason: fault });
      }
      return kept;
    };
    return {
      tools: await passed('tool', catalogue.tools),
      resources: await passed('resource', catalogue.resources),
      resourceTemplates: await passed('resource_template', catalogue.resourceTemplates),
      prompts: await passed('prompt', catalogue.prompts),
      skipped,
    };
  }

  /** `refused` completes "it …". @throws GatewayError when a guardrail failed */
  async #judge(given: CatalogScan, teamId: string | null, call: HookCall) {
    const steps = this.chains.of(undefined, undefined, teamId ?? undefined).steps(HOOK);
    const { violation, failed, plugin, payload } = await runHook(HOOK, steps, given, call);
    if (failed) throw new GatewayError('internal_error', `Plugin Error: ${plugin} failed in ${HOOK}`, 'guardrail');
    const refused = violation && `is refused by plugin ${plugin}: ${violation.code} - ${violation.reason}`;
    return { refused, definition: payload.definition };
  }

  /** What is shared is shared by all definitions of one upstream. */
  #call(teamId: string | null, user?: string): HookCall {
    return { facts: scanFacts(teamId, user), state: new RequestState(), events: this.events };
  }

  standings(): Promise<ReadonlyMap<string, string>> {
    return this.ledger.states();
  }
}

const changedName = (kind: ItemKind, before: JsonObject, after: JsonObject): string | undefined =>
  definitionScan(kind, before).name === definitionScan(kind, after).name
    ? undefined
    : 'was given another name by a guardrail';
