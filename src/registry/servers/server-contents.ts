import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { AccessService } from '../../rbac/access.service.js';
import { CatalogReader } from '../catalog/catalog.js';
import { itemName } from '../items/tool-naming.js';
import { RegistrySettings } from '../registry.settings.js';
import { type CollisionDto, shownCollisions } from '../rows/dto/collision.dto.js';
import { type NamedItem, type ServerDto, shownServer } from './dto/server.dto.js';
import { READS } from './server-items.js';
import type { ServerEntity } from './server.entity.js';
import { LINKED_KINDS, type LinkedItem, type LinkedKind, ServerLinkRepository } from './server-link.repository.js';

/** Shows virtual servers with what of their items the caller may see. */
@Injectable()
export class ServerContents {
  constructor(
    private readonly links: ServerLinkRepository,
    private readonly access: AccessService,
    private readonly settings: RegistrySettings,
    private readonly catalog: CatalogReader,
  ) {}

  async shown(caller: Principal, servers: readonly ServerEntity[]): Promise<ServerDto[]> {
    const ids = servers.map(({ id }) => id);
    const items = new Map<LinkedKind, ReadonlyMap<string, LinkedItem[]>>();
    for (const kind of LINKED_KINDS) items.set(kind, await this.#byServer(caller, kind, ids));
    return servers.map((server) => {
      const named = (kind: LinkedKind): NamedItem[] =>
        (items.get(kind)?.get(server.id) ?? []).map((item) => ({
          id: item.id,
          name: kind === 'resources' ? item.upstreamName : this.#nameIn(server, item),
        }));
      const shown = { tools: named('tools'), resources: named('resources'), prompts: named('prompts') };
      const seen = new Set(Object.values(shown).flatMap((rows) => rows.map(({ id }) => id)));
      return shownServer(server, shown, this.#collisionsOf(server, seen));
    });
  }

  /** Prefixed names are the same in all servers that have them. */
  #collisionsOf({ id, toolNaming }: ServerEntity, seen: ReadonlySet<string>): CollisionDto[] {
    const here = this.catalog.current.collisions.filter(
      ({ serverId, served, otherName }) =>
        serverId === id || (serverId === undefined && served && otherName && toolNaming === 'prefixed'),
    );
    return shownCollisions(here, (item) => seen.has(item));
  }

  #nameIn({ toolNaming }: ServerEntity, { gatewaySlug, upstreamName }: LinkedItem): string {
    return itemName(toolNaming, gatewaySlug, this.settings.nameSeparator, upstreamName);
  }

  async #byServer(caller: Principal, kind: LinkedKind, ids: readonly string[]): Promise<Map<string, LinkedItem[]>> {
    const rows = this.access.visible(caller, READS[kind], await this.links.visibleItems(caller, kind, ids));
    const byServer = new Map(ids.map((id): [string, LinkedItem[]] => [id, []]));
    for (const row of rows) byServer.get(row.serverId)?.push(row);
    return byServer;
  }
}
