import { qualifiedName } from '#libs/mcp';

export const TOOL_NAMINGS = ['prefixed', 'original'] as const;
/** Whether callers know tools and prompts by prefixed or by the upstreams' own names. */
export type ToolNaming = (typeof TOOL_NAMINGS)[number];

/** The name of a tool or prompt under a naming. */
export function itemName(naming: ToolNaming, gatewaySlug: string, separator: string, upstreamName: string): string {
  return naming === 'original' ? upstreamName : qualifiedName(gatewaySlug, separator, upstreamName);
}
