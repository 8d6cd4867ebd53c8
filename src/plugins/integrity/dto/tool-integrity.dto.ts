import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Field } from '../../../http/fields/field.js';
import { definitionDiff, isCutShort, shown } from '../definition-diff.js';
import { TOOL_STATES, type ToolIntegrityRow, type ToolState } from '../tool-integrity.entity.js';

export class ListToolIntegrityDto {
  @IsOptional()
  @IsIn(TOOL_STATES)
  state?: ToolState;

  @IsOptional()
  @Field('id')
  gateway_id?: string;

  /** `next_cursor` of the page before. */
  @IsOptional()
  @Matches(/^[0-9a-f]{32}$/, { message: 'cursor must be next_cursor of the page before' })
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;
}

export class ApproveToolDto {
  /** `current_hash` of what was reviewed. */
  @Matches(/^[0-9a-f]{64}$/, { message: 'hash must be 64 lower-case hexadecimal digits' })
  hash: string;
}

export class DefinitionFlagDto {
  /** `hidden_text`, `confusable_name`, or the rule for poisoned tools that it broke. */
  rule: string;
  field: string;
  text: string;
}

export class ToolIntegrityDto {
  tool_id: string | null;
  gateway_id: string;
  /** By which the upstream knows it. */
  name: string;
  state: ToolState;
  /** SHA-256 of the canonical form; null before anything was approved. */
  approved_hash: string | null;
  current_hash: string;
  flags: DefinitionFlagDto[];
  /** E-mail; null for what was trusted on first use, or nobody has decided. */
  decided_by: string | null;
  /** ISO 8601, UTC. */
  decided_at: string | null;
  first_seen_at: string;
  /** Since when the definition is as it is now. */
  changed_at: string;
}

export class ToolIntegrityPageDto {
  tools: ToolIntegrityDto[];
  next_cursor: string | null;
}

export class DefinitionChangeDto {
  /** JSON Pointer (RFC 6901). */
  path: string;
  change: 'added' | 'removed' | 'changed';
  /** JSON, the first 2,000 characters; what people would not see is written as an escape. */
  before?: string;
  after?: string;
}

export class ToolReviewDto extends ToolIntegrityDto {
  approved_definition: object | null;
  current_definition: object;
  /** From what was approved to what it is now, the first two hundred; of a tool that never was approved, all of it. */
  changes: DefinitionChangeDto[];
  /** There are more. */
  changes_cut_short: boolean;
}

export function shownIntegrity(row: ToolIntegrityRow): ToolIntegrityDto {
  return {
    tool_id: row.toolId,
    gateway_id: row.gatewayId,
    name: row.name,
    state: row.state,
    approved_hash: row.approvedHash,
    current_hash: row.currentHash,
    flags: row.flags.map((flag) => ({ ...flag, field: shown(flag.field) })),
    decided_by: row.decidedBy,
    decided_at: row.decidedAt?.toISOString() ?? null,
    first_seen_at: row.firstSeenAt.toISOString(),
    changed_at: row.changedAt.toISOString(),
  };
}

export function shownPage(rows: readonly ToolIntegrityRow[], limit: number): ToolIntegrityPageDto {
  const page = rows.slice(0, limit);
  return { tools: page.map(shownIntegrity), next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

export function shownReview(row: ToolIntegrityRow): ToolReviewDto {
  const approved = row.approvedDefinition === null ? null : (JSON.parse(row.approvedDefinition) as object);
  const current = JSON.parse(row.currentDefinition) as object;
  const changes = definitionDiff(approved ?? {}, current);
  return Object.assign(shownIntegrity(row), {
    approved_definition: approved,
    current_definition: current,
    changes: [...changes],
    changes_cut_short: isCutShort(changes),
  });
}
