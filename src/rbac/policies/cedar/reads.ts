import type { AttributeValue } from './attribute.js';
import type { Glob } from './glob.js';

/** What policies ask of one attribute. Unless it is its whole value, answers to its questions say all that matters. */
export class AttributeReads {
  whole = false;
  /** Texts that it is compared with, or that a set is searched for. */
  readonly literals = new Set<string>();
  readonly globs: Glob[] = [];

  /** The same for values that policies can't tell apart; no two answers for different values can be taken for each other. */
  mark(value: AttributeValue | undefined): string {
    if (value === undefined) return '-';
    if (typeof value === 'object') {
      const counted = this.whole ? value : value.filter((element) => this.literals.has(element));
      return counted.length === 0 ? '[]' : JSON.stringify([...counted].sort());
    }
    if (this.whole || typeof value !== 'string') return JSON.stringify(value);
    const known = this.literals.has(value) ? JSON.stringify(value) : '?';
    return this.globs.length === 0 ? known : known + this.globs.map((fits) => (fits(value) ? 1 : 0)).join('');
  }
}

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

  /** Which of principal, resource and call are read at all. */
  get kinds(): string {
    const ofPrincipal = this.principal.size > 0 || this.groups.size > 0 || this.allGroups;
    return [ofPrincipal && 'principal', this.resource.size > 0 && 'resource', this.ofCall && 'call']
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
