import type { Permission } from '#libs/policy';
import type { WrittenPolicy } from '../policy-reader.js';
import type { PolicyVersion } from '../policy-version.entity.js';
import type { ShadowFinding } from '../shadow-finding.entity.js';

export class PolicyDto {
  /** 32 lower-case hex digits. */
  id: string;
  name: string;
  description: string | null;
  /** Of the latest version, in Cedar. */
  text: string;
  /** The version that is in force; null when it forbids nothing. */
  active_version: number | null;
  /** The version that runs in shadow; null when none does. */
  draft_version: number | null;
  latest_version: number;
  /** One more with each change. */
  revision: number;
  /** E-mail. */
  created_by: string;
  /** ISO 8601, UTC. */
  created_at: string;
  modified_by: string;
  updated_at: string;
}

export class PolicyListDto {
  policies: PolicyDto[];
  /** On all pages. */
  total: number;
}

export class PolicyVersionDto {
  version: number;
  text: string;
  /** E-mail. */
  created_by: string;
  /** ISO 8601, UTC. */
  created_at: string;
}

/** Calls and looks that were allowed, and that a draft would have denied. */
export class ShadowFindingDto {
  version: number;
  user_email: string;
  permission: Permission;
  /** As policies call it. */
  resource_type: string;
  /** Empty for what is about no row. */
  resource_id: string;
  occurrences: number;
  /** ISO 8601, UTC. */
  first_seen: string;
  last_seen: string;
}

export class ShadowListDto {
  findings: ShadowFindingDto[];
  /** On all pages; 1,000 of a draft at most. */
  total: number;
}

export class PolicySchemaDto {
  /** In Cedar's own form. */
  schema: string;
}

export function shownPolicy({ policy, text }: WrittenPolicy): PolicyDto {
  return {
    id: policy.id,
    name: policy.name,
    description: policy.description,
    text,
    active_version: policy.activeVersion,
    draft_version: policy.draftVersion,
    latest_version: policy.latestVersion,
    revision: policy.revision,
    created_by: policy.createdBy,
    created_at: policy.createdAt.toISOString(),
    modified_by: policy.modifiedBy,
    updated_at: policy.updatedAt.toISOString(),
  };
}

export const shownVersion = ({ version, text, createdBy, createdAt }: PolicyVersion): PolicyVersionDto => ({
  version,
  text,
  created_by: createdBy,
  created_at: createdAt.toISOString(),
});

export const shownFinding = (finding: ShadowFinding): ShadowFindingDto => ({
  version: finding.version,
  user_email: finding.userEmail,
  permission: finding.permission,
  resource_type: finding.resourceType,
  resource_id: finding.resourceId,
  occurrences: finding.occurrences,
  first_seen: finding.firstSeen.toISOString(),
  last_seen: finding.lastSeen.toISOString(),
});
