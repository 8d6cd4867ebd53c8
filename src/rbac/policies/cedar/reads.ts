import type { AttributeValue } from './attribute.js';
import type { Glob } from './glob.js';

/** What policies ask of one attribute. Unless it is its whole value, answers to its questions say all that matters. */
export class AttributeReads {
  whole = false;
  readonly globs: Glob[] = [];
  /** Texts that it is compared with, or that a set is searched for, and what stands for each. */
  readonly #literals = new Map<string, string>();

  literal(text: string): void {
    if (!this.#literals.has(text)) this.#literals.set(text, `=${this.#literals.size}`);
  }

  /** The same for values that policies can't tell apart; other values have other marks. */
  mark(value: AttributeValue | undefined): string {
    if (value === undefined) return '-';
    if (typeof value === 'object') return this.#markOfSet(value);
    if (typeof value !== 'string') return String(value);
    if (this.whole) return wholeText(value);
    const known = this.#literals.get(value) ?? '?';
    return this.globs.length === 0 ? known : known + this.globs.map((fits) => (fits(value) ? 1 : 0)).join('');
  }

  #markOfSet(values: readonly string[]): string {
    const marks: string[] = [];
    for (const value of values) {
      const mark = this.whole ? wholeText(value) : this.#literals.get(value);
      if (mark !== undefined) marks.push(mark);
    }
    return marks.length === 0 ? '[]' : `[${marks.sort().join()}]`;
  }
}

/** Its length tells where it ends, whatever is in it. */
const wholeText = (text: string): string => `${text.length}:${text}`;

export type ReadVariable = 'principal' | 'resource' | 'context';

/** All that some policies read. */
export class Reads {
  readonly principal = new Map<string, AttributeReads>();
  readonly resource = new Map<string, AttributeReads>();
  readonly context = new Map<string, AttributeReads>();
  /** Paths of arguments. */
  readonly arguments = new Set<string>();
  /** Teams and roles, as `Team::"id"` in Cedar; not all of them when {@link allGroups}. */
  readonly groups = new Set<string>();
  /** Policies compare the principal's teams with what is not written in them. */
  allGroups = false;

  /** Whether answers depend on more than who asks and about which row. */
  get ofCall(): boolean {
    return this.context.size > 0 || this.arguments.size > 0;
  }

  /** Which of principal, resource, call and its arguments are read at all. */
  get kinds(): string {
    const ofPrincipal = this.principal.size > 0 || this.groups.size > 0 || this.allGroups;
    return [
      ofPrincipal && 'principal',
      this.resource.size > 0 && 'resource',
      this.context.size > 0 && 'call',
      this.arguments.size > 0 && 'arguments',
    ]
      .filter((kind) => kind !== false)
      .join(' ');
  }

  of(variable: ReadVariable, attribute: string): AttributeReads {
    const known = this[variable].get(attribute);
    if (known) return known;
    const fresh = new AttributeReads();
    this[variable].set(attribute, fresh);
    return fresh;
  }
}

export const groupName = ({ type, id }: { readonly type: string; readonly id: string }): string =>
  `${type}::${JSON.stringify(id)}`;
