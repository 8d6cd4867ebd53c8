import { Injectable } from '@nestjs/common';
import type { SkippedItem } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import type { EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { GatewayError } from '../../http/errors.js';
import { CatalogService } from '../catalog/catalog.service.js';
import { incomingItems } from '../items/incoming-item.js';
import { PromptEntity } from '../items/prompt.entity.js';
import { ResourceEntity } from '../items/resource.entity.js';
import { type ItemChanges, syncItems } from '../items/sync-items.js';
import { ToolEntity } from '../items/tool.entity.js';
import { changedBy } from '../rows/provenance.js';
import { type CatalogueScan, CatalogScanner } from '../scan/catalog-scanner.js';
import { GatewayEntity } from './gateway.entity.js';
import type { Survey } from './upstream-client.js';

/** A gateway but for what its upstream has to say. */
export type UnsurveyedGateway = Omit<
  GatewayEntity,
  'discovery' | 'discoveredAt' | 'reachable' | 'lastSeen' | 'skipped'
>;

export interface CatalogueChanges {
  readonly tools: ItemChanges;
  readonly resources: ItemChanges;
  readonly prompts: ItemChanges;
  /** What the crawl left out, all of it. */
  readonly skipped: readonly SkippedItem[];
}

interface Stored {
  readonly changes: CatalogueChanges;
  /** It changes what the catalogue shows. */
  readonly shows: boolean;
}

/** What has to hold when it is written, asked first in the transaction that writes. */
type Demand = (manager: EntityManager) => Promise<void>;

const NOTHING: Demand = () => Promise.resolve();
const ALWAYS = (): boolean => true;

// TypeORM's own type looks into JSON values, where it can't follow.
type Columns = QueryDeepPartialEntity<GatewayEntity>;

const CHANGED_MEANWHILE = 'The gateway was changed by somebody else meanwhile; try again';
const ITEMS = [ToolEntity, ResourceEntity, PromptEntity];
/** Of what a crawl left out, so many entries are kept; each is at most a kilobyte. */
const MAX_SKIPPED = 50;
const MAX_REASON = 200;

/** Writes gateways with all that belongs to them, each time as one unit, and lets the gate serve it before it returns. */
@Injectable()
export class GatewayWriter {
  constructor(
    private readonly units: UnitOfWork,
    private readonly changes: ChangeBus,
    private readonly catalog: CatalogService,
    private readonly scanner: CatalogScanner,
  ) {}

  /** @throws GatewayError `conflict` when the tenant has the name already */
  async insert(unsurveyed: UnsurveyedGateway, survey: Survey, demand = NOTHING): Promise<GatewayEntity> {
    const scan = await this.scanner.scan(unsurveyed, survey, unsurveyed.createdBy ?? undefined);
    const gateway = { ...unsurveyed, ...surveyed(survey, scan, unsurveyed.createdAt) };
    await this.#write(async (manager) => {
      await demand(manager);
      await manager.insert(GatewayEntity, gateway as Columns);
      await syncAll(manager, gateway, scan);
    });
    scan.committed();
    return gateway;
  }

  /**
   * @param gateway as it was read; its members become those of `patch`
   * @throws GatewayError `conflict` when it was changed since it was read, or the tenant has the name already
   */
  async update(gateway: GatewayEntity, patch: Partial<GatewayEntity>, by: Principal, demand = NOTHING): Promise<void> {
    const change = this.#change(gateway, patch, changedBy(by, new Date()));
    await this.#write(async (manager) => {
      await demand(manager);
      await change(manager);
    });
  }

  /** The same, with what the upstream offers now. */
  async resurvey(
    gateway: GatewayEntity,
    patch: Partial<GatewayEntity>,
    by: Principal,
    survey: Survey,
    demand = NOTHING,
  ): Promise<CatalogueChanges> {
    const now = new Date();
    const scan = await this.scanner.scan(gateway, survey, by.subject);
    const shows = Object.keys(patch).length > 0 || showsAnother(gateway, survey);
    const change = this.#change(gateway, { ...patch, ...surveyed(survey, scan, now) }, changedBy(by, now));
    const work = async (manager: EntityManager): Promise<Stored> => {
      await demand(manager);
      await change(manager);
      return syncAll(manager, gateway, scan);
    };
    const { changes } = await this.#write(work, (stored) => shows || stored.shows);
    scan.committed();
    return changes;
  }

  /** What the upstream offers now, which is nobody's change of the gateway. @throws GatewayError `conflict` when it was changed since it was read */
  async sync(gateway: GatewayEntity, survey: Survey): Promise<void> {
    const { id, version } = gateway;
    const now = new Date();
    const scan = await this.scanner.scan(gateway, survey, undefined);
    const shows = showsAnother(gateway, survey);
    const work = async (manager: EntityManager): Promise<Stored> => {
      const { affected } = await manager.update(GatewayEntity, { id, version }, surveyed(survey, scan, now) as Columns);
      if (affected !== 1) throw new GatewayError('conflict', CHANGED_MEANWHILE);
      Object.assign(gateway, { updatedAt: now, modifiedFromIp: null, modifiedUserAgent: null });
      return syncAll(manager, gateway, scan);
    };
    await this.#write(work, (stored) => shows || stored.shows);
    scan.committed();
  }

  /** Its items go with it, out of virtual servers too. */
  async delete(id: string): Promise<void> {
    await this.#write((manager) => manager.delete(GatewayEntity, { id }));
  }

  #change(
    gateway: GatewayEntity,
    patch: Partial<GatewayEntity>,
    change: Partial<GatewayEntity>,
  ): (manager: EntityManager) => Promise<void> {
    const { id, version } = gateway;
    const set = { ...patch, ...change, version: version + 1 };
    Object.assign(gateway, set);
    return async (manager) => {
      const { affected } = await manager.update(GatewayEntity, { id, version }, set as Columns);
      if (affected !== 1) throw new GatewayError('conflict', CHANGED_MEANWHILE);
      if ('visibility' in patch) await passOn(manager, gateway);
    };
  }

  /** @param shows whether what was done changes what the catalogue shows: building it anew costs more than most refreshes */
  async #write<T>(work: (manager: EntityManager) => Promise<T>, shows: (result: T) => boolean = ALWAYS): Promise<T> {
    try {
      const result = await this.units.run(work);
      if (!shows(result)) return result;
      this.changes.publish({ kind: 'registry_changed' });
      await this.catalog.refreshed();
      return result;
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'Gateway name already exists');
      throw error;
    }
  }
}

/** The upstream is back, or says something else of itself. */
function showsAnother({ reachable, discovery }: GatewayEntity, survey: Survey): boolean {
  return !reachable || JSON.stringify(discovery) !== JSON.stringify(survey.discovery);
}

const holdsOthers = ({ tools, resources, prompts }: CatalogueChanges): boolean =>
  [tools, resources, prompts].some(
    ({ added, updated, removed, moved }) => moved || added.length + updated.length + removed.length > 0,
  );

async function syncAll(manager: EntityManager, gateway: GatewayEntity, scan: CatalogueScan): Promise<Stored> {
  const { catalogue } = scan;
  const incoming = incomingItems(catalogue);
  const changes = {
    tools: await syncItems(manager, ToolEntity, gateway, incoming.tools),
    resources: await syncItems(manager, ResourceEntity, gateway, incoming.resources),
    prompts: await syncItems(manager, PromptEntity, gateway, incoming.prompts),
    skipped: catalogue.skipped,
  };
  return { changes, shows: (await scan.stored(manager)) || holdsOthers(changes) };
}

/** Items are seen by those who see their gateway. */
async function passOn(manager: EntityManager, { id, visibility, teamId, ownerEmail }: GatewayEntity): Promise<void> {
  for (const entity of ITEMS) await manager.update(entity, { gatewayId: id }, { visibility, teamId, ownerEmail });
}

function surveyed({ discovery }: Survey, { catalogue }: CatalogueScan, now: Date) {
  return { discovery, discoveredAt: now, reachable: true, lastSeen: now, skipped: shortened(catalogue.skipped) };
}

function shortened(skipped: readonly SkippedItem[]): SkippedItem[] {
  return skipped.slice(0, MAX_SKIPPED).map((item) => ({ ...item, reason: item.reason.slice(0, MAX_REASON) }));
}
