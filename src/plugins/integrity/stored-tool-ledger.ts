import type { JsonObject } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { setImmediate as breathe } from 'node:timers/promises';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayEntity } from '../../registry/gateways/gateway.entity.js';
import { readDefinition } from '../../registry/items/definition.js';
import { upstreamKeyOf } from '../../registry/items/incoming-item.js';
import { ToolEntity } from '../../registry/items/tool.entity.js';
import type { ScannedGateway } from '../../registry/scan/catalog-scanner.js';
import type { ActivePlugin } from '../chain/active-plugin.js';
import { PluginChains } from '../chain/plugin-chains.js';
import { canonicalDefinition } from './canonical-definition.js';
import { IntegrityAlerts } from './integrity-alerts.js';
import { IntegrityKeeper } from './integrity-keeper.js';
import { knownTools, type RecordedTool, recordTools, type SeenTool } from './record-tools.js';
import { ToolIntegrityRow, type ToolState } from './tool-integrity.entity.js';
import { ToolJudge } from './tool-judge.js';
import { ToolLedger } from './tool-ledger.js';

/** Other work gets its turn after so many definitions. */
const IN_A_ROW = 20;

/** The tools of one gateway, looked at and not yet written down. */
export interface ToolRecord {
  /** In the transaction that stores the tools, after it. @returns whether any tool is new, or described otherwise */
  store(manager: EntityManager): Promise<boolean>;
  /** After the commit. */
  tell(by: string | undefined): void;
}

const NOTHING: ToolRecord = { store: () => Promise.resolve(false), tell: () => undefined };

/** Writes down what upstreams say of their tools, where a plugin keeps watch over that. */
@Injectable()
export class StoredToolLedger extends ToolLedger {
  constructor(
    private readonly database: DataSource,
    private readonly units: UnitOfWork,
    private readonly chains: PluginChains,
    private readonly changes: ChangeBus,
    private readonly alerts: IntegrityAlerts,
  ) {
    super();
  }

  async stateOf(toolId: string): Promise<ToolState | undefined> {
    const row = await this.database.manager.findOne(ToolIntegrityRow, {
      select: { id: true, state: true },
      where: { toolId },
    });
    return row?.state;
  }

  /** By the id of the tool. */
  async states(): Promise<ReadonlyMap<string, ToolState>> {
    const rows = await this.database.manager.find(ToolIntegrityRow, {
      select: { id: true, toolId: true, state: true },
      where: { toolId: Not(IsNull()) },
    });
    return new Map(rows.map(({ toolId, state }) => [toolId ?? '', state]));
  }

  /** What an upstream lists, before it is stored. */
  async look(gateway: ScannedGateway, tools: readonly JsonObject[], chains = this.chains): Promise<ToolRecord> {
    const active = keepersOf(chains, gateway.teamId);
    if (active.length === 0) return NOTHING;
    const seen = await this.#seen(gateway.id, tools, active);
    let recorded: readonly RecordedTool[] = [];
    return {
      store: async (manager) => {
        recorded = await recordTools(manager, gateway.id, seen);
        return recorded.length > 0;
      },
      tell: (by) => this.alerts.tell(gateway, recorded, active, by),
    };
  }

  /** Sees to it that plugins which are about to run know the tools that are there already. @returns whether any is new */
  async adopt(plugins: readonly ActivePlugin[]): Promise<boolean> {
    if (!plugins.some(({ plugin }) => plugin instanceof IntegrityKeeper)) return false;
    const chains = new PluginChains();
    chains.replace(plugins);
    const gateways = await this.database.manager.find(GatewayEntity, { select: { id: true, teamId: true } });
    let news = false;
    for (const gateway of gateways) {
      const rows = await this.database.manager.find(ToolEntity, {
        select: { id: true, definition: true },
        where: { gatewayId: gateway.id },
      });
      const record = await this.look(
        gateway,
        rows.map(({ definition }) => readDefinition(definition)),
        chains,
      );
      if (await this.units.run((manager) => record.store(manager))) news = true;
      record.tell(undefined);
    }
    if (news) this.changes.publish({ kind: 'registry_changed' });
    return news;
  }

  async #seen(gatewayId: string, tools: readonly JsonObject[], active: readonly ActivePlugin[]): Promise<SeenTool[]> {
    const known = await knownTools(this.database.manager, gatewayId);
    const keepers = active.flatMap(({ plugin }) => (plugin instanceof IntegrityKeeper ? [plugin] : []));
    let judge: ToolJudge | undefined;
    const seen: SeenTool[] = [];
    for (const [index, definition] of tools.entries()) {
      if (index % IN_A_ROW === IN_A_ROW - 1) await breathe();
      const name = String(definition['name']);
      const tool = { name, upstreamKey: upstreamKeyOf('name', name), ...canonicalDefinition(definition) };
      if (known.get(tool.upstreamKey)?.currentHash === tool.hash) seen.push(tool);
      else {
        judge ??= new ToolJudge(keepers, [...(await this.#names()), ...tools.map((other) => String(other['name']))]);
        seen.push({ ...tool, verdict: judge.verdict(name, definition) });
      }
    }
    return seen;
  }

  /** Of all tools, whoever offers them. */
  async #names(): Promise<string[]> {
    const rows = await this.database.manager.find(ToolEntity, { select: { id: true, upstreamName: true } });
    return rows.map(({ upstreamName }) => upstreamName);
  }
}

function keepersOf(chains: PluginChains, teamId: string | null): readonly ActivePlugin[] {
  if (!chains.serves('catalog_scan')) return [];
  const steps = chains.of(undefined, undefined, teamId ?? undefined).steps('catalog_scan');
  return steps.flatMap(({ plugin }) => (plugin.plugin instanceof IntegrityKeeper ? [plugin] : []));
}
