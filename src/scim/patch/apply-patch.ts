import { scimPatch, type ScimPatchOperation, type ScimResource } from 'scim-patch';
import { ScimFault } from '../scim-fault.js';

/** Applies what `readPatch` left to a copy of what may be written. @throws ScimFault 400 */
export function applyPatch(resource: object, operations: readonly ScimPatchOperation[]): Record<string, unknown> {
  const lists = Object.entries(resource).filter(([, value]) => Array.isArray(value));
  const empty = Object.fromEntries(lists.map(([name]) => [name, []]));
  try {
    return operations.reduce<Record<string, unknown>>(
      // The library drops a list with its last entry, and then finds none to remove the next from.
      (before, operation) => ({ ...empty, ...scimPatch(before as unknown as ScimResource, [operation]) }),
      structuredClone(resource) as Record<string, unknown>,
    );
  } catch (error) {
    const noTarget = (error as { readonly scimCode?: string }).scimCode === 'noTarget';
    throw new ScimFault(noTarget ? 'noTarget' : 'invalidValue', 'Operations cannot be applied to this resource');
  }
}
