import type { Visibility } from '#libs/policy';
import type { RegistryRow, Via } from '../registry-row.js';

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
  /** Addresses and user agents are shown to those who may change the row; null for others. */
  createdFromIp: string | null;
  createdVia: Via | null;
  createdUserAgent: string | null;
  updatedAt: string;
  modifiedBy: string | null;
  modifiedFromIp: string | null;
  modifiedVia: Via | null;
  modifiedUserAgent: string | null;
  /** Of the import that made it. */
  importBatchId: string | null;
  /** The name of the gateway that it came from. */
  federationSource: string | null;
  /** One more with each change. */
  version: number;
}

export function shownRow(row: RegistryRow): Pick<RegistryRowDto, keyof RegistryRowDto> {
  const { id, enabled, visibility, teamId, ownerEmail, version } = row;
  return {
    id,
    enabled,
    tags: row.tags.map((tag) => ({ id: tag, label: tag })),
    visibility,
    teamId,
    ownerEmail,
    ...shownProvenance(row),
    version,
  };
}

/** Where somebody was and with what device is theirs: it is for those who look after the row. */
function shownProvenance(row: RegistryRow) {
  const whereabouts = row.changeable === true;
  return {
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    createdFromIp: whereabouts ? row.createdFromIp : null,
    createdVia: row.createdVia,
    createdUserAgent: whereabouts ? row.createdUserAgent : null,
    updatedAt: row.updatedAt.toISOString(),
    modifiedBy: row.modifiedBy,
    modifiedFromIp: whereabouts ? row.modifiedFromIp : null,
    modifiedVia: row.modifiedVia,
    modifiedUserAgent: whereabouts ? row.modifiedUserAgent : null,
    importBatchId: row.importBatchId,
    federationSource: row.federationSource,
  };
}
