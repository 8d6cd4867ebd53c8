import { isJsonObject } from '#libs/mcp';
import type { Target } from '../../access.service.js';
import type { Attributes } from './attribute.js';

const ROW = {
  id: { type: 'String', read: ({ id }) => id ?? '' },
  // Not the name in a view, which differs from door to door.
  name: { type: 'String', read: ({ upstreamName, name }) => upstreamName ?? name ?? '' },
  visibility: { type: 'String', read: ({ visibility }) => visibility },
  owner: { type: 'User', optional: true, read: ({ ownerEmail }) => ownerEmail ?? undefined },
  team: { type: 'Team', optional: true, read: ({ teamId }) => teamId ?? undefined },
  tags: { type: 'Set<String>', read: ({ tags }) => tags ?? [] },
} as const satisfies Attributes<Target>;

const ITEM = {
  ...ROW,
  gateway: { type: 'String', optional: true, read: ({ gateway, gatewayId }) => gatewayId ?? gateway?.id ?? undefined },
} as const satisfies Attributes<Target>;

/** Absent unless the upstream says yes or no. */
const hint = (name: string) => ({
  type: 'Bool' as const,
  optional: true as const,
  read: (tool: Target): boolean | undefined => {
    const said = annotationsOf(tool)?.[name];
    return typeof said === 'boolean' ? said : undefined;
  },
});

function annotationsOf({ annotations, definition }: Target): Readonly<Record<string, unknown>> | undefined {
  if (annotations) return annotations;
  const read: unknown = typeof definition === 'string' ? JSON.parse(definition) : definition;
  const found = isJsonObject(read) ? read['annotations'] : undefined;
  return isJsonObject(found) ? found : undefined;
}

const TOOL = {
  ...ITEM,
  readOnlyHint: hint('readOnlyHint'),
  destructiveHint: hint('destructiveHint'),
  idempotentHint: hint('idempotentHint'),
  openWorldHint: hint('openWorldHint'),
} as const satisfies Attributes<Target>;

interface RowType {
  /** Its entity type. */
  readonly type: string;
  readonly attributes: Attributes<Target>;
}

/** What policies can read of a row, by the category of the permission. */
export const ROW_TYPES: ReadonlyMap<string, RowType> = new Map([
  ['gateways', { type: 'Gateway', attributes: ROW }],
  ['servers', { type: 'Server', attributes: ROW }],
  ['tools', { type: 'Tool', attributes: TOOL }],
  ['resources', { type: 'Resource', attributes: ITEM }],
  ['prompts', { type: 'Prompt', attributes: ITEM }],
  ['agents', { type: 'Agent', attributes: ROW }],
]);
