import { boundedName, qualifiedName } from '#libs/mcp';

export const TOOL_NAMINGS = ['prefixed', 'original'] as const;
/** Whether callers know tools and prompts by prefixed or by the upstreams' own names. */
export type ToolNaming = (typeof TOOL_NAMINGS)[number];

/** The name of a tool or prompt under a naming. @param gatewaySlug null for what is kept here: it goes by its own name */
export function itemName(
  naming: ToolNaming,
  gatewaySlug: string | null,
  separator: string,
  upstreamName: string,
): string {
  if (gatewaySlug === null) return upstreamName;
  return naming === 'original' ? boundedName(upstreamName) : qualifiedName(gatewaySlug, separator, upstreamName);
}
