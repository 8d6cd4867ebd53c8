import type { CallOrigin, Principal } from '#libs/policy';
import { hash } from 'node:crypto';
import type { Attributes } from './attribute.js';
import { CALL_ATTRIBUTES } from './call-attributes.js';
import { groupsOf, PRINCIPAL_ATTRIBUTES } from './principal-attributes.js';
import type { Question } from './question.js';
import type { Argument } from './read-argument.js';
import { type AttributeReads, groupName, type Reads } from './reads.js';

type Row = NonNullable<Question['row']>;
type Mark<Of> = (of: Of) => string;

/** Principals can be in many teams. */
const LONGEST_OF_PRINCIPAL = 64;

/** Marks questions: those that some policies can't tell apart have one mark. */
export class Marker {
  /** Principals are frozen, so what policies see of one stays the same. */
  readonly #principals = new WeakMap<Principal, string>();
  readonly #markPrincipal: Mark<Principal>;
  readonly #markRow: Mark<Row>;
  readonly #markCall: Mark<Question>;
  /** The rows of a list are asked about in one call. */
  #call: { origin: CallOrigin | undefined; serverId: string | undefined; now: number; mark: string } | undefined;

  constructor(
    private readonly reads: Reads,
    row: Attributes<Row>,
  ) {
    this.#markPrincipal = marking(PRINCIPAL_ATTRIBUTES, reads.principal);
    this.#markRow = marking(row, reads.resource);
    this.#markCall = marking(CALL_ATTRIBUTES, reads.context);
  }

  /** @param given the arguments that are read */
  mark(question: Question, given: ReadonlyMap<string, Argument>): string {
    const { principal, row } = question;
    const mark = `${this.#ofPrincipal(principal)} ${row ? this.#markRow(row) : ''}${this.#ofCall(question)}`;
    return given.size === 0 ? mark : mark + JSON.stringify([...given]);
  }

  /** The teams and roles that policies ask about. */
  groupsOf(principal: Principal): ReturnType<typeof groupsOf> {
    const { allGroups, groups } = this.reads;
    if (!allGroups && groups.size === 0) return [];
    return groupsOf(principal).filter((group) => allGroups || groups.has(groupName(group)));
  }

  #ofPrincipal(principal: Principal): string {
    const known = this.#principals.get(principal);
    if (known !== undefined) return known;
    const groups = this.groupsOf(principal).map(groupName).sort();
    const long = this.#markPrincipal(principal) + (groups.length === 0 ? '' : JSON.stringify(groups));
    const mark = long.length > LONGEST_OF_PRINCIPAL ? hash('sha256', long, 'base64') : long;
    this.#principals.set(principal, mark);
    return mark;
  }

  #ofCall(question: Question): string {
    if (this.reads.context.size === 0) return '';
    const { origin, now } = question;
    const serverId = origin?.serverId;
    const last = this.#call;
    if (last && last.origin === origin && last.serverId === serverId && last.now === now) return last.mark;
    const mark = this.#markCall(question);
    this.#call = { origin, serverId, now, mark };
    return mark;
  }
}

function marking<Of>(attributes: Attributes<Of>, reads: ReadonlyMap<string, AttributeReads>): Mark<Of> {
  const asked = [...reads].map(([name, read]) => ({ read, valueOf: attributes[name]?.read }));
  return (of) => {
    let marks = '';
    for (const { read, valueOf } of asked) marks += `${read.mark(valueOf?.(of))} `;
    return marks;
  };
}
