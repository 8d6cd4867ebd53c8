import {
  type CedarValueJson,
  type EntityJson,
  preparsePolicySet,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { LRUCache } from 'lru-cache';
import { type Attributes, cedarAttributes } from './attribute.js';
import { CALL_ATTRIBUTES } from './call-attributes.js';
import { Marker } from './marker.js';
import type { ParsedPolicy } from './parse-policy.js';
import { collectReads } from './policy-walk.js';
import { PRINCIPAL_ATTRIBUTES } from './principal-attributes.js';
import { actionEntity } from './policy-schema.js';
import type { Question } from './question.js';
import { type Argument, ArgumentTooLongError, readArgument } from './read-argument.js';
import { Reads } from './reads.js';
import { ROW_TYPES } from './row-attributes.js';

/** What policies say to a question. */
export interface Verdict {
  /** The ids of the policies that forbid it. */
  readonly forbidding: readonly string[];
  /** The ids of those that could not be asked; the answer is no. */
  readonly failing: readonly string[];
}

export interface NamedPolicy {
  readonly id: string;
  readonly policy: ParsedPolicy;
}

/** No policy has anything against it. */
export const NOTHING: Verdict = Object.freeze({ forbidding: [], failing: [] });
/** Cedar denies what nothing permits; here the roles have permitted it. */
const ROLES_ALLOW = { id: 'roles', text: 'permit (principal, action, resource);' };
/** Longer marks are of long arguments, which hardly come again. */
const LONGEST_MARK = 1024;
const NO_ARGUMENTS: ReadonlyMap<string, Argument> = new Map();
const ARGUMENTS = { type: 'Arguments', id: 'call' };

let sets = 0;

/**
 * The policies that can forbid one action on one type of resource. An answer is remembered by all that they read of the
 * question, and by nothing else, so few are worked out for many rows and callers.
 */
export class PolicySet {
  /** Sets share what is remembered. */
  readonly #prefix = `${(sets += 1).toString(36)} `;
  readonly #reads = new Reads();
  readonly #marker: Marker;
  readonly #readingArguments: readonly string[];
  readonly #rowAttributes: Attributes<NonNullable<Question['row']>>;

  /**
   * @param name of the preparsed set; another of the same name is overwritten
   * @param type of the resource
   * @throws Error when Cedar does not take the policies
   */
  constructor(
    private readonly name: string,
    private readonly type: string,
    policies: readonly NamedPolicy[],
    private readonly known: LRUCache<string, Verdict>,
  ) {
    for (const { policy } of policies) collectReads(policy.json, this.#reads);
    this.#readingArguments = policies.flatMap(({ id, policy }) => {
      const own = new Reads();
      collectReads(policy.json, own);
      return own.arguments.size > 0 ? [id] : [];
    });
    this.#rowAttributes = [...ROW_TYPES.values()].find((row) => row.type === type)?.attributes ?? {};
    this.#marker = new Marker(this.#reads, this.#rowAttributes);
    const texts = Object.fromEntries(policies.map(({ id, policy }) => [id, policy.text]));
    const prepared = preparsePolicySet(name, { staticPolicies: { ...texts, [ROLES_ALLOW.id]: ROLES_ALLOW.text } });
    if (prepared.type === 'failure') throw new Error(prepared.errors.map(({ message }) => message).join('; '));
  }

  /** Whether answers depend on the call: its time, its address, its arguments. */
  get readsCall(): boolean {
    return this.#reads.ofCall;
  }

  /** @throws Error when Cedar can't be asked */
  ask(question: Question): Verdict {
    let given: ReadonlyMap<string, Argument>;
    try {
      given = this.#argumentsOf(question);
    } catch (error) {
      if (error instanceof ArgumentTooLongError) return { forbidding: [], failing: this.#readingArguments };
      throw error;
    }
    const mark = this.#prefix + this.#marker.mark(question, given);
    if (mark.length > LONGEST_MARK) return this.#asked(question, given);
    const known = this.known.get(mark);
    if (known) return known;
    const verdict = this.#asked(question, given);
    this.known.set(mark, verdict);
    return verdict;
  }

  #argumentsOf(question: Question): ReadonlyMap<string, Argument> {
    if (this.#reads.arguments.size === 0) return NO_ARGUMENTS;
    const found = new Map<string, Argument>();
    for (const path of this.#reads.arguments) {
      const argument = readArgument(question.arguments, path, question.numbers);
      if (argument) found.set(path, argument);
    }
    return found;
  }

  #asked(question: Question, given: ReadonlyMap<string, Argument>): Verdict {
    const { principal, action, row } = question;
    const [user, resource] = [
      { type: 'User', id: principal.subject },
      { type: this.type, id: row?.id ?? '' },
    ];
    const answer = statefulIsAuthorized({
      principal: user,
      action: { type: 'Action', id: action },
      resource,
      context: {
        ...cedarAttributes(CALL_ATTRIBUTES, question, this.#reads.context),
        arguments: { __entity: ARGUMENTS },
      },
      preparsedPolicySetId: this.name,
      entities: this.#entitiesOf(question, user, resource, given),
    });
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
    const { reason, errors } = answer.response.diagnostics;
    const forbidding = reason.filter((id) => id !== ROLES_ALLOW.id);
    // Cedar goes on without a policy that fails. Here it denies.
    const failing = errors.map(({ policyId }) => policyId);
    if (forbidding.length === 0 && failing.length === 0 && answer.response.decision === 'allow') return NOTHING;
    return Object.freeze({ forbidding, failing });
  }

  #entitiesOf(
    { principal, action, row }: Question,
    user: EntityJson['uid'],
    resource: EntityJson['uid'],
    given: ReadonlyMap<string, Argument>,
  ): EntityJson[] {
    const { principal: ofUser, resource: ofRow, arguments: paths, groups, allGroups } = this.#reads;
    const entities = [actionEntity(action)];
    // What is not read costs nothing.
    const readsUser = ofUser.size > 0 || groups.size > 0 || allGroups;
    if (readsUser)
      entities.push({
        uid: user,
        attrs: { email: principal.subject, ...cedarAttributes(PRINCIPAL_ATTRIBUTES, principal, ofUser) },
        parents: this.#marker.groupsOf(principal),
      });
    if (row && ofRow.size > 0)
      entities.push({ uid: resource, attrs: cedarAttributes(this.#rowAttributes, row, ofRow), parents: [] });
    const owner = ofRow.has('owner') ? (row?.ownerEmail ?? null) : null;
    if (owner !== null && !(readsUser && owner === principal.subject))
      entities.push({ uid: { type: 'User', id: owner }, attrs: { email: owner }, parents: [] });
    if (paths.size > 0) entities.push({ uid: ARGUMENTS, attrs: {}, parents: [], tags: tagsOf(given) });
    return entities;
  }
}

const tagsOf = (given: ReadonlyMap<string, Argument>): Record<string, CedarValueJson> =>
  Object.fromEntries([...given].map(([path, argument]) => [path, { ...argument }]));
