import { GROUP } from '../resources/schema-urns.js';
import type { ScimGroup } from './scim-group.entity.js';

/** A group with who is in it. */
export interface GroupWithMembers extends ScimGroup {
  readonly members: readonly string[];
}

/** How SCIM shows a group (RFC 7643 section 4.2). */
export interface ScimGroupView {
  readonly schemas: readonly string[];
  readonly id: string;
  readonly externalId?: string;
  readonly displayName: string;
  readonly members: readonly { readonly value: string; readonly $ref: string; readonly type: 'User' }[];
  readonly meta: {
    readonly resourceType: 'Group';
    readonly created: string;
    readonly lastModified: string;
    readonly location: string;
  };
}

/** @param base of all resources */
export function scimGroup(group: GroupWithMembers, base: string): ScimGroupView {
  const { id, externalId, displayName, members } = group;
  return {
    schemas: [GROUP],
    id,
    ...(externalId !== null && { externalId }),
    displayName,
    members: members.map((value) => ({ value, $ref: `${base}/Users/${value}`, type: 'User' })),
    meta: {
      resourceType: 'Group',
      created: group.createdAt.toISOString(),
      lastModified: group.updatedAt.toISOString(),
      location: `${base}/Groups/${id}`,
    },
  };
}

/** What of it a PATCH may write. */
export const writableGroup = ({ displayName, externalId, members }: GroupWithMembers): object => ({
  displayName,
  externalId,
  members: members.map((value) => ({ value })),
});
