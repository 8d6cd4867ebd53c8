import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { decodeCursor } from '../../http/page-cursor.js';
import { AccessService, type Target } from '../../rbac/access.service.js';
import { GatewayRepository } from '../gateways/gateway.repository.js';
import { shownPrompt } from '../items/dto/prompt.dto.js';
import { shownResource } from '../items/dto/resource.dto.js';
import { shownTool } from '../items/dto/tool.dto.js';
import { PromptRepository } from '../items/prompt.repository.js';
import { ResourceRepository } from '../items/resource.repository.js';
import { ToolRepository } from '../items/tool.repository.js';
import { RegistrySettings } from '../registry.settings.js';
import type { ReadPermission } from '../rows/changeable.js';
import { MOST_ROWS } from '../rows/dto/list-query.dto.js';
import type { ListWish, Page } from '../rows/registry-page.js';
import type { RegistryRow } from '../rows/registry-row.js';
import { ServerRepository } from '../servers/server.repository.js';
import type { TaggedEntityDto } from './dto/tag-stats.dto.js';
import type { TaggedKind } from './tagged-kinds.js';

export interface TaggedRow {
  readonly tags: readonly string[];
  readonly shown: () => TaggedEntityDto;
}

interface Labels {
  readonly name: string;
  readonly description: string | null;
}

type Source = (caller: Principal, wish: ListWish) => Promise<Page<TaggedRow>>;

/** Of each kind so many rows are read at most: tens of thousands of tagged rows are no longer told apart by their tags. */
const MOST_READ = 10_000;

/** What carries tags and may be seen: by the same pages, and the same decision, as the lists. */
@Injectable()
export class TaggedRows {
  readonly #sources: Readonly<Record<TaggedKind, Source>>;

  constructor(
    private readonly access: AccessService,
    { nameSeparator }: RegistrySettings,
    tools: ToolRepository,
    resources: ResourceRepository,
    prompts: PromptRepository,
    servers: ServerRepository,
    gateways: GatewayRepository,
  ) {
    this.#sources = {
      tools: this.#source('tools.read', tools, (row) => shownTool(row, nameSeparator)),
      resources: this.#source('resources.read', resources, (row) => {
        const { uri: name, description } = shownResource(row);
        return { name, description };
      }),
      prompts: this.#source('prompts.read', prompts, (row) => shownPrompt(row, nameSeparator)),
      servers: this.#source('servers.read', servers, (row) => row),
      gateways: this.#source('gateways.read', gateways, (row) => row),
    };
  }

  /** Newest first. @param tags of which a row has at least one; any when left out */
  async *of(kind: TaggedKind, caller: Principal, tags?: readonly string[]): AsyncGenerator<TaggedRow> {
    const wish = { limit: MOST_ROWS, includeInactive: false, tagged: true, tags };
    let cursor: string | undefined;
    let read = 0;
    do {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const { rows, nextCursor } = await this.#sources[kind](caller, { ...wish, after });
      yield* rows;
      cursor = nextCursor;
      read += MOST_ROWS;
    } while (cursor !== undefined && read < MOST_READ);
  }

  #source<Row extends Target & Pick<RegistryRow, 'id' | 'tags'>>(
    read: ReadPermission,
    repository: { page(caller: Principal, wish: ListWish): Promise<Page<Row>> },
    labels: (row: Row) => Labels,
  ): Source {
    const type = read.slice(0, -'s.read'.length);
    return async (caller, wish) => {
      const page = await repository.page(caller, wish);
      const rows = this.access.visible(caller, read, page.rows).map((row) => ({
        tags: row.tags,
        shown: () => {
          const { name, description } = labels(row);
          return { id: row.id, name, type, description };
        },
      }));
      return { rows, nextCursor: page.nextCursor };
    };
  }
}
