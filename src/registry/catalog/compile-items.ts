import { compileParamHeaders, compileUriTemplate, isJsonObject, type ParamHeader } from '#libs/mcp';
import { objectMember, overridden, readDefinition } from '../items/definition.js';
import type { ItemRow } from '../items/item-row.js';
import type { CatalogGateway, CatalogItem, CatalogTemplate, CatalogTool, Definition } from './catalog.js';
import type { CatalogParts, Stored } from './catalog-source.js';
import { prefixedNames, type Renaming } from './prefixed-names.js';

/** Everything the gateways offer, tools and prompts under their prefixed names. */
export interface CompiledItems {
  readonly tools: readonly CatalogTool[];
  readonly resources: readonly CatalogItem[];
  readonly templates: readonly CatalogTemplate[];
  readonly prompts: readonly CatalogItem[];
  readonly renamings: Readonly<Record<'tools' | 'prompts', readonly Renaming[]>>;
}

/** Parses and compiles each stored item once. Items of gateways that are left out are left out. */
export function compileItems({
  gateways,
  tools,
  resources,
  prompts,
  standings,
  separator,
}: CatalogParts): CompiledItems {
  const byId = new Map(gateways.map((gateway) => [gateway.id, gateway]));
  const plain = resources.filter(({ isTemplate }) => !isTemplate);
  const templates = resources.filter(({ isTemplate }) => isTemplate);
  const named = {
    tools: prefixed(compiled(tools, byId), separator),
    prompts: prefixed(compiled(prompts, byId), separator),
  };
  return {
    tools: named.tools.items.map((item) => ({
      ...item,
      paramHeaders: paramHeadersOf(item.definition),
      standing: standings.get(item.id),
    })),
    resources: compiled(plain, byId),
    templates: compiled(templates, byId).flatMap((item) => {
      const template = compileUriTemplate(item.upstreamName);
      return 'fault' in template ? [] : [{ ...item, template }];
    }),
    prompts: named.prompts.items,
    renamings: { tools: named.tools.renamings, prompts: named.prompts.renamings },
  };
}

/** The same item under another name. */
export function renamed<Item extends CatalogItem>(item: Item, name: string): Item {
  return { ...item, name, definition: { ...item.definition, name } };
}

const NO_HEADERS: readonly ParamHeader[] = [];

type Compiled = CatalogItem & { readonly createdAt: Date };

type Row = Stored<ItemRow> & { readonly authValue?: string | null };

function compiled(rows: readonly Row[], gateways: ReadonlyMap<string, CatalogGateway>): Compiled[] {
  return rows.flatMap((row) => {
    const gateway = row.gatewayId === null ? null : gateways.get(row.gatewayId);
    if (gateway === undefined) return [];
    const { id, upstreamName, visibility, teamId, ownerEmail, createdAt, tags, kept } = row;
    const definition = overridden(readDefinition(row.definition), row.overrides);
    const sealedCredential = row.authValue ?? null;
    const annotations = objectMember(definition, 'annotations');
    const named = { id, name: upstreamName, upstreamName, gateway, kept, definition, paramHeaders: NO_HEADERS };
    return [{ ...named, sealedCredential, visibility, teamId, ownerEmail, tags, annotations, createdAt }];
  });
}

function prefixed(items: readonly Compiled[], separator: string) {
  const { names, renamings } = prefixedNames(items, separator);
  const known = items.flatMap((item) => {
    const name = names.get(item.id);
    return name === undefined ? [] : [renamed(item, name)];
  });
  return { items: known as CatalogItem[], renamings };
}

/** Empty where the declarations are faulty: a legacy upstream does not read them, and a modern one's tool is not stored. */
function paramHeadersOf({ inputSchema }: Definition): readonly ParamHeader[] {
  const headers = isJsonObject(inputSchema) ? compileParamHeaders(inputSchema) : { headers: [] };
  return 'fault' in headers ? [] : headers.headers;
}
