import { isJsonObject } from '#libs/mcp';
import MiniSearch, { type SearchOptions } from 'minisearch';
import type { Definition } from '../../registry/catalog/catalog.js';
import { inSlices } from '../notifications/in-slices.js';

/** A tool as far as it is searched and shown. */
export interface Searched {
  readonly name: string;
  readonly definition: Definition;
}

export interface Match<Tool> {
  readonly tool: Tool;
  readonly score: number;
}

const FIELDS = ['name', 'title', 'description', 'arguments'];
/** Characters of each text, terms of each query and characters of each term: more tells no tools apart. */
const LONGEST_TEXT = 4_000;
const MOST_TERMS = 32;
const LONGEST_TERM = 64;

const OPTIONS: SearchOptions = {
  boost: { name: 4, title: 3, arguments: 0.5 },
  prefix: (term) => term.length > 2,
  fuzzy: (term) => (term.length > 4 ? 0.2 : false),
  tokenize: (text) => termsOf(text).slice(0, MOST_TERMS),
};

/** A full-text index over a list of tools: nothing else enters into what it finds, nor into the scores. Immutable. */
export class ToolIndex<Tool extends Searched> {
  readonly #index = new MiniSearch<number>({
    fields: FIELDS,
    idField: 'position',
    extractField: (position, field) => this.#text(position, field),
    tokenize: termsOf,
    processTerm: (term) => term.toLowerCase().slice(0, LONGEST_TERM),
  });

  private constructor(private readonly tools: readonly Tool[]) {}

  /** Built in slices, in between which the process serves calls. */
  static async of<Tool extends Searched>(tools: readonly Tool[]): Promise<ToolIndex<Tool>> {
    const made = new ToolIndex(tools);
    await inSlices([...tools.keys()], (position) => made.#index.add(position));
    return made;
  }

  /** The best matches, best first; where two match alike, in the order of the list. */
  find(query: string, limit: number): Match<Tool>[] {
    return this.#index
      .search(query, OPTIONS)
      .map(({ id, score }): [number, number] => [id as number, score])
      .toSorted(([one, oneScore], [other, otherScore]) => otherScore - oneScore || one - other)
      .slice(0, limit)
      .flatMap(([position, score]) => {
        const tool = this.tools[position];
        return tool ? [{ tool, score: Math.round(score * 1000) / 1000 }] : [];
      });
  }

  #text(position: number, field: string): string | number {
    if (field === 'position') return position;
    const { name = '', definition = {} } = this.tools[position] ?? {};
    const text = field === 'name' ? name : field === 'arguments' ? argumentsIn(definition) : definition[field];
    return typeof text === 'string' ? text.slice(0, LONGEST_TEXT) : '';
  }
}

/** Words, also those that names are made of: `getUserName`, `get_user-name`. */
function termsOf(text: string): string[] {
  return text
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((term) => term !== '');
}

function argumentsIn({ inputSchema }: Definition): string {
  const properties = isJsonObject(inputSchema) ? inputSchema['properties'] : undefined;
  return isJsonObject(properties) ? Object.keys(properties).join(' ') : '';
}
