/** What can carry tags, as the plural in paths has it. */
export const TAGGED_KINDS = ['tools', 'resources', 'prompts', 'servers', 'gateways'] as const;
export type TaggedKind = (typeof TAGGED_KINDS)[number];
