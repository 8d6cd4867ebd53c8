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
const LONGEST_TEXT = 2_000;
const MOST_TERMS = 32;
const LONGEST_TERM = 64;
/** Measured, with a margin: what a distinct word costs, and each character of a text. */
const BYTES_OF_A_TERM = 600;
const BYTES_OF_A_CHARACTER = 8;

const OPTIONS: SearchOptions = {
  boost: { name: 4, title: 3, arguments: 0.5 },
  prefix: (term) => term.length > 2,
  // One letter: a query of long words took 400 ms where three could differ.
  fuzzy: (term) => (term.length > 4 ? 1 : false),
  tokenize: (text) => termsOf(text).slice(0, MOST_TERMS),
};

/** A full-text index over a list of tools: nothing else enters into what it finds, nor into the scores. Immutable. */
export class ToolIndex<Tool extends Searched> {
  readonly #index = new MiniSearch<number>({
    fields: FIELDS,
    idField: 'position',
    extractField: (position, field) => (field === 'position' ? position : this.#text(position, field)),
    tokenize: termsOf,
    processTerm: (term) => term.toLowerCase().slice(0, LONGEST_TERM),
  });

  #characters = 0;
  #measured = 0;
  #measureAt = 0;

  private constructor(
    private readonly tools: readonly Tool[],
    private readonly maxBytes: number,
  ) {}

  /**
   * Built in slices, in between which the process serves calls.
   * @param maxBytes from where on tools are found by their names alone
   */
  static async of<Tool extends Searched>(tools: readonly Tool[], maxBytes = Infinity): Promise<ToolIndex<Tool>> {
    const made = new ToolIndex(tools, maxBytes);
    await inSlices([...tools.keys()], (position) => made.#index.add(position));
    return made;
  }

  /** About the memory that it takes. */
  get bytes(): number {
    return this.#characters * BYTES_OF_A_CHARACTER + this.#index.termCount * BYTES_OF_A_TERM;
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

  /** Counting terms takes as long as there are terms, so it is done each time that there is an eighth more of text. */
  #isFull(): boolean {
    if (this.#characters >= this.#measureAt) {
      this.#measured = this.bytes;
      this.#measureAt = this.#characters * 1.125 + 10_000;
    }
    return this.#measured > this.maxBytes;
  }

  #text(position: number, field: string): string {
    const tool = this.tools[position];
    if (!tool || (field !== 'name' && this.#isFull())) return '';
    const text = textOf(tool, field);
    this.#characters += text.length;
    return text;
  }
}

function textOf({ name, definition }: Searched, field: string): string {
  const text = field === 'name' ? name : field === 'arguments' ? argumentsIn(definition) : definition[field];
  return typeof text === 'string' ? text.slice(0, LONGEST_TEXT) : '';
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
