import type { ActionConstraint, EntityUidJson, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { ACTION_GROUPS, GOVERNED, RESOURCE_TYPES } from './policy-schema.js';

/** What a policy can be about, as the head of it says. */
export interface PolicyReach {
  /** Permissions. */
  readonly actions: ReadonlySet<string>;
  /** Entity types. */
  readonly resourceTypes: ReadonlySet<string>;
}

export const reachOf = ({ action, resource }: PolicyJson): PolicyReach => ({
  actions: new Set(actionsOf(action)),
  resourceTypes: new Set(
    'entity_type' in resource
      ? [resource.entity_type]
      : 'entity' in resource
        ? [uidOf(resource.entity).type]
        : RESOURCE_TYPES,
  ),
});

function actionsOf(constraint: ActionConstraint): readonly string[] {
  if (constraint.op === 'All') return GOVERNED;
  const named = 'entities' in constraint ? constraint.entities : 'entity' in constraint ? [constraint.entity] : [];
  return named.map((entity) => uidOf(entity).id).flatMap((id): readonly string[] => ACTION_GROUPS.get(id) ?? [id]);
}

const uidOf = (entity: EntityUidJson): { readonly type: string; readonly id: string } =>
  '__entity' in entity ? entity['__entity'] : entity;
