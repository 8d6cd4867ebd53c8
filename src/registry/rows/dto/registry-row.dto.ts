import type { Visibility } from '#libs/policy';
import type { RegistryRow } from '../registry-row.js';

export class TagDto {
  id: string;
  label: string;
}

/** What every answer about a row of the registry shows. */
export class RegistryRowDto {
  /** 32 lower-case hex digits. */
  id: string;
  enabled: boolean;
  tags: TagDto[];
  visibility: Visibility;
  teamId: string | null;
  ownerEmail: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
  createdBy: string | null;
  updatedAt: string;
  modifiedBy: string | null;
  /** One more with each change. */
  version: number;
}

export function shownRow(row: RegistryRow): Pick<RegistryRowDto, keyof RegistryRowDto> {
  const { id, enabled, visibility, teamId, ownerEmail, createdBy, modifiedBy, version } = row;
  return {
    id,
    enabled,
    tags: row.tags.map((tag) => ({ id: tag, label: tag })),
    visibility,
    teamId,
    ownerEmail,
    createdAt: row.createdAt.toISOString(),
    createdBy,
    updatedAt: row.updatedAt.toISOString(),
    modifiedBy,
    version,
  };
}
