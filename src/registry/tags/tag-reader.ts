import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { normaliseTags } from '../rows/tags.js';
import type { TaggedEntityDto, TagStatsDto } from './dto/tag-stats.dto.js';
import type { TagListQueryDto, TagQueryDto } from './dto/tag-query.dto.js';
import { TAGGED_KINDS } from './tagged-kinds.js';
import { TaggedRows } from './tagged-rows.js';

const MOST_TAGS = 1_000;
/** Named with each tag of a list. */
const MOST_NAMED = 100;
/** Named of one tag. */
const MOST_ENTITIES = 500;

/** Counts tags over what the caller may see. A tag that only hidden rows carry is none. */
@Injectable()
export class TagReader {
  constructor(private readonly rows: TaggedRows) {}

  /** By name. Once a thousand are known, no others are taken. */
  async list(caller: Principal, { entity_types, include_entities }: TagListQueryDto): Promise<TagStatsDto[]> {
    const tags = new Map<string, TagStatsDto>();
    for (const kind of new Set(entity_types ?? TAGGED_KINDS)) {
      for await (const row of this.rows.of(kind, caller)) {
        for (const name of row.tags) {
          const tag = tags.get(name) ?? (tags.size < MOST_TAGS ? fresh(name) : undefined);
          if (!tag) continue;
          tags.set(name, tag);
          tag.stats[kind] += 1;
          tag.stats.total += 1;
          if (include_entities && tag.entities.length < MOST_NAMED) tag.entities.push(row.shown());
        }
      }
    }
    return [...tags.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What carries a tag, however it is spelled; nothing for a tag that nobody gave, or that the caller can't know of. */
  async entities(caller: Principal, name: string, { entity_types }: TagQueryDto): Promise<TaggedEntityDto[]> {
    const entities: TaggedEntityDto[] = [];
    for (const kind of new Set(entity_types ?? TAGGED_KINDS)) {
      for await (const row of this.rows.of(kind, caller, normaliseTags([name]))) {
        if (entities.length === MOST_ENTITIES) return entities;
        entities.push(row.shown());
      }
    }
    return entities;
  }
}

const fresh = (name: string): TagStatsDto => ({
  name,
  stats: { tools: 0, resources: 0, prompts: 0, servers: 0, gateways: 0, total: 0 },
  entities: [],
});
