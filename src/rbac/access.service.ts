import type { WrittenNumbers } from '#libs/mcp';
import { Injectable, Logger } from '@nestjs/common';
import {
  type CallOrigin,
  decide,
  decision,
  type Decision,
  type OwnedRow,
  type Permission,
  type Principal,
} from '#libs/policy';
import { GatewayError } from '../http/errors.js';
import { type Check, CheckLog } from './checks/check-log.js';
import { ForbiddingPolicies } from './policies/forbidding-policies.js';

const FAILED = decision(false, 'error');

/** What a decision may be about: a row whose owner, team and visibility are known, and what policies read of it. */
export interface Target extends OwnedRow {
  readonly id?: string | undefined;
  readonly name?: string;
  /** The name or URI by which the upstream of an item knows it, whatever it is called in a view. */
  readonly upstreamName?: string;
  /** Of an item. */
  readonly gatewayId?: string | null;
  /** Of an item, where the id alone is not given. */
  readonly gateway?: { readonly id: string } | null;
  readonly tags?: readonly string[];
  /** The hints of a tool. */
  readonly annotations?: Readonly<Record<string, unknown>> | null;
  /** Where the hints of a tool are when they are not given by themselves: its description, as JSON or read. */
  readonly definition?: string | Readonly<Record<string, unknown>>;
}

/** The call in which something is decided. */
export interface Circumstances {
  /** Whence it comes; the principal's own when left out. */
  readonly origin?: CallOrigin;
  /** The team that a route is about. */
  readonly teamId?: string | undefined;
  /** The arguments of a tool or prompt. */
  readonly arguments?: unknown;
  /** Of the arguments, where a call carries them. */
  readonly numbers?: WrittenNumbers;
}

const NONE: Circumstances = Object.freeze({});

/** The one decision function: for lists, calls, reads and administration, on every door. */
@Injectable()
export class AccessService {
  readonly #log = new Logger(AccessService.name);

  constructor(
    private readonly policies: ForbiddingPolicies,
    private readonly checks: CheckLog,
  ) {}

  /** Denies by default and whenever deciding fails. Nothing is written down: for the rows of lists. */
  decide(principal: Principal, action: Permission, row?: Target, at: Circumstances = NONE): Decision {
    try {
      const answer = decide(principal, action, row, at.teamId);
      return answer.allowed ? (this.policies.forbids(principal, action, row, at) ?? answer) : answer;
    } catch (error) {
      this.#log.error({ message: 'a decision failed and was denied', action, error });
      return FAILED;
    }
  }

  /** The same, written down. */
  check(principal: Principal, action: Permission, row?: Target, at: Circumstances = NONE): Decision {
    const answer = this.decide(principal, action, row, at);
    this.#acted({ principal, action, row, answer, at });
    return answer;
  }

  /** The first of the rows of one name that the principal may use. Only when there is none, what refused is written down. */
  first<Row extends Target>(
    principal: Principal,
    action: Permission,
    rows: readonly Row[],
    at: Circumstances = NONE,
  ): Row | undefined {
    const refused: Check[] = [];
    for (const row of rows) {
      const answer = this.decide(principal, action, row, at);
      const check = { principal, action, row, answer, at };
      if (answer.allowed) {
        this.#acted(check);
        return row;
      }
      refused.push(check);
    }
    for (const check of refused) this.checks.note(check);
    return undefined;
  }

  /** The rows of a list that the principal may see under an action; the same rule as {@link decide}. */
  visible<Row extends Target>(
    principal: Principal,
    action: Permission,
    rows: readonly Row[],
    at: Circumstances = NONE,
  ): Row[] {
    const seen = rows.filter((row) => this.decide(principal, action, row, at).allowed);
    for (const row of seen) this.policies.observe(principal, action, row, at);
    return seen;
  }

  /** What a remembered answer about an action holds for; see {@link ForbiddingPolicies.version}. */
  rulesVersion(action: Permission): number | undefined {
    return this.policies.version(action);
  }

  /** Told whenever remembered answers may hold no longer, but for what principals are. Must not throw. */
  onRulesChange(listener: () => void): void {
    this.policies.onChange(listener);
  }

  /** Throws 403, or 404 for what the principal may not even see. */
  demand(principal: Principal, action: Permission, row?: Target, at: Circumstances = NONE): void {
    const { allowed, reason } = this.check(principal, action, row, at);
    if (allowed) return;
    throw reason === 'not_visible'
      ? new GatewayError('not_found', undefined, reason)
      : new GatewayError('access_denied', undefined, reason);
  }

  #acted(check: Check): void {
    this.checks.note(check);
    const { principal, action, row, answer, at } = check;
    if (answer.allowed) this.policies.observe(principal, action, row, at);
  }
}
