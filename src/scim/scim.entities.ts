import { ScimGroupMember } from './groups/scim-group-member.entity.js';
import { ScimGroup } from './groups/scim-group.entity.js';
import { ScimMembership } from './groups/scim-membership.entity.js';
import { ScimProfile } from './users/scim-profile.entity.js';

export const SCIM_ENTITIES = [ScimProfile, ScimGroup, ScimGroupMember, ScimMembership];
