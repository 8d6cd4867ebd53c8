/** Something that carries a tag. */
export class TaggedEntityDto {
  id: string;
  /** The name, or the URI of a resource. */
  name: string;
  /** `tool`, `resource`, `prompt`, `server` or `gateway`. */
  type: string;
  description: string | null;
}

/** How many rows that the caller may see carry a tag. */
export class TagCountsDto {
  tools: number;
  resources: number;
  prompts: number;
  servers: number;
  gateways: number;
  total: number;
}

export class TagStatsDto {
  name: string;
  stats: TagCountsDto;
  /** Empty unless `include_entities` asks for them. */
  entities: TaggedEntityDto[];
}
