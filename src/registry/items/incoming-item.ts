import { createHash } from 'node:crypto';
import type { Catalogue, JsonObject } from '#libs/mcp';

/** An item of an upstream's list, ready to be stored. */
export interface IncomingItem {
  readonly upstreamName: string;
  readonly upstreamKey: string;
  readonly position: number;
  readonly definition: string;
  /** Of resources only. */
  readonly isTemplate?: boolean;
}

export interface IncomingItems {
  readonly tools: readonly IncomingItem[];
  readonly resources: readonly IncomingItem[];
  readonly prompts: readonly IncomingItem[];
}

/** The lists of a crawl; resources and templates are one kind of row. */
export function incomingItems({ tools, resources, resourceTemplates, prompts }: Catalogue): IncomingItems {
  return {
    tools: tools.map((item, position) => incoming(item, 'name', position)),
    resources: [
      ...resources.map((item, position) => ({ ...incoming(item, 'uri', position), isTemplate: false })),
      ...resourceTemplates.map((item, position) => ({ ...incoming(item, 'uriTemplate', position), isTemplate: true })),
    ],
    prompts: prompts.map((item, position) => incoming(item, 'name', position)),
  };
}

/** The member of a definition that identifies an item among those of its kind. */
export type Identifier = 'name' | 'uri' | 'uriTemplate';

function incoming(item: JsonObject, identifier: Identifier, position: number): IncomingItem {
  const upstreamName = String(item[identifier]);
  const upstreamKey = upstreamKeyOf(identifier, upstreamName);
  return { upstreamName, upstreamKey, position, definition: JSON.stringify(item) };
}

/** A template without variables reads like a URI; the two are different items. */
export const upstreamKeyOf = (identifier: Identifier, upstreamName: string): string =>
  createHash('sha256').update(`${identifier}\0${upstreamName}`).digest('hex');
