import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Decision, Permission, Principal } from '#libs/policy';
import { CatchingUp } from '../../changes/catching-up.js';
import { ChangeBus } from '../../changes/change-bus.js';
import type { Circumstances, Target } from '../access.service.js';
import { CompiledPolicies } from './cedar/compiled-policies.js';
import { type ParsedPolicy, parsePolicies } from './cedar/parse-policy.js';
import { NOTHING } from './cedar/policy-set.js';
import type { Question } from './cedar/question.js';
import { refusalOf } from './cedar/refusal-of.js';
import { ForbiddingPolicies } from './forbidding-policies.js';
import { PolicySource, type StoredText } from './policy-store.js';
import { ShadowFindings } from './shadow-findings.js';

/** What stands in for a policy that can't be understood any more. */
const FORBIDS_ALL = 'forbid (principal, action, resource);';

interface Compiled {
  readonly version: number;
  /** Which texts it was made of. */
  readonly of: string;
  readonly active: CompiledPolicies;
  readonly drafts: CompiledPolicies;
  /** By id. */
  readonly names: ReadonlyMap<string, StoredText>;
}

let instances = 0;

/**
 * The stored Cedar policies: compiled at start and after each change. While they are not known, everything is denied: the
 * gateway does not start without them, and a change that can't be read stops it from deciding until it can.
 */
@Injectable()
export class CedarPolicies extends ForbiddingPolicies implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(CedarPolicies.name);
  readonly #copy = new CatchingUp(
    () => this.#load(),
    (error) => {
      this.#become(undefined);
      this.#log.error({ message: 'policies cannot be read; everything is denied until they can', error });
    },
  );
  readonly #slot = `policies ${(instances += 1)}`;
  readonly #reported = new Set<string>();
  readonly #listeners: (() => void)[] = [];
  #parsed: ReadonlyMap<string, ParsedPolicy> = new Map();
  #current: Compiled | undefined;
  #loads = 0;

  constructor(
    private readonly source: PolicySource,
    private readonly findings: ShadowFindings,
    bus: ChangeBus,
  ) {
    super();
    bus.subscribe(({ kind }) => {
      if (kind === 'policies_changed' || kind === 'anything_changed') this.#copy.announce();
    });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#copy.first();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#copy.stop();
  }

  /** Settles when every change that was announced before is in force; rejects when the policies can't be read. */
  refreshed(): Promise<void> {
    return this.#copy.caughtUp();
  }

  forbids(principal: Principal, action: Permission, row: Target | undefined, at: Circumstances): Decision | undefined {
    const { active } = this.current;
    if (!active.about(action, row !== undefined)) return undefined;
    const verdict = active.ask(questionOf(principal, action, row, at));
    if (!verdict) return undefined;
    this.#report(verdict.failing);
    return refusalOf(verdict);
  }

  /** A draft never decides, whatever goes wrong with it. */
  observe(principal: Principal, action: Permission, row: Target | undefined, at: Circumstances): void {
    if (!this.#current?.drafts.about(action, row !== undefined)) return;
    const { drafts, names } = this.#current;
    try {
      const question = questionOf(principal, action, row, at);
      const { forbidding, failing } = drafts.ask(question) ?? NOTHING;
      for (const id of [...forbidding, ...failing]) {
        const draft = names.get(`${id} draft`);
        if (draft) this.findings.note(question, draft);
      }
    } catch (error) {
      this.#log.warn({ message: 'drafts of policies could not be asked', error });
    }
  }

  version(action: Permission): number | undefined {
    const compiled = this.#current;
    return compiled && !compiled.active.readsCall(action) ? compiled.version : undefined;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @throws Error while the policies are not known */
  get current(): Compiled {
    if (!this.#current) throw new Error('The policies are not known');
    return this.#current;
  }

  async #load(): Promise<void> {
    const texts = await this.source.load();
    const of = JSON.stringify(texts.map(({ policyId, version, active }) => [policyId, version, active]));
    if (this.#current?.of === of) return;
    this.#loads += 1;
    this.#parsed = this.#parseAll(texts);
    const compiled = (active: boolean): CompiledPolicies =>
      new CompiledPolicies(
        // What is asked now stays as it is until the next is whole.
        `${this.#slot} ${this.#loads % 2} ${active ? 'active' : 'drafts'}`,
        texts
          .filter((text) => text.active === active)
          .flatMap((text) => {
            const policy = this.#parsed.get(keyOf(text));
            return policy ? [{ id: text.policyId, policy }] : [];
          }),
      );
    const names = new Map(texts.map((text) => [`${text.policyId} ${text.active ? 'active' : 'draft'}`, text]));
    this.#become({ version: this.#loads, of, active: compiled(true), drafts: compiled(false), names });
  }

  #become(compiled: Compiled | undefined): void {
    this.#current = compiled;
    for (const listener of this.#listeners) listener();
  }

  /** A text was checked when it was saved; what is not understood since an upgrade forbids everything. */
  #parseAll(texts: readonly StoredText[]): Map<string, ParsedPolicy> {
    const fresh = texts.filter((text) => !this.#parsed.has(keyOf(text)));
    const [all, ...read] = fresh.length > 0 ? parsePolicies([FORBIDS_ALL, ...fresh.map(({ text }) => text)]) : [];
    const known = new Map(texts.flatMap((text) => this.#known(keyOf(text))));
    fresh.forEach((text, at) => {
      const policy = read[at];
      if (policy && !('faults' in policy)) known.set(keyOf(text), policy);
      else if (all && !('faults' in all)) known.set(keyOf(text), all);
      else throw new Error('Cedar understands no policy');
      if (policy && 'faults' in policy) this.#lament(text, policy.faults);
    });
    return known;
  }

  #known(key: string): [string, ParsedPolicy][] {
    const policy = this.#parsed.get(key);
    return policy ? [[key, policy]] : [];
  }

  #lament({ policyId, name, version }: StoredText, faults: readonly string[]): void {
    this.#log.error({ message: 'a policy is not understood and forbids everything', policyId, name, version, faults });
  }

  #report(failing: readonly string[]): void {
    for (const policyId of failing) {
      if (this.#reported.has(policyId) || this.#reported.size >= MOST_REPORTED) continue;
      this.#reported.add(policyId);
      this.#log.warn({ message: 'a policy could not be asked, which denies', policyId });
    }
  }
}

function questionOf(principal: Principal, action: Permission, row: Target | undefined, at: Circumstances): Question {
  const origin = at.origin ?? principal.origin;
  return { principal, action, row, origin, arguments: at.arguments, numbers: at.numbers, now: Date.now() };
}

const MOST_REPORTED = 1000;

const keyOf = ({ policyId, version }: StoredText): string => `${policyId} ${version}`;
