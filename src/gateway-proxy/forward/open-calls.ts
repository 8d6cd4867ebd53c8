import type { Principal } from '#libs/policy';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type ChangeOfOthers, concerns, isOfOthers } from '../../auth/principals/concerns.js';
import { CredentialCheck } from '../../auth/principals/credential-check.js';
import { type Change, ChangeBus } from '../../changes/change-bus.js';
import type { RequestContext } from '../../http/request-context.js';
import type { ExchangeFault } from './exchange-fault.js';
import { LiveList } from './live-list.js';

/** How often calls are looked through for credentials that have expired, milliseconds. */
const EXPIRY_MS = 500;
/** Credentials that ended lately, and for how long that matters to requests which were let in before, milliseconds. */
const ENDED = 10_000;
const ENDED_MS = 600_000;
/** Callers that are looked up at the same time. */
const AT_ONCE = 8;

type CredentialChange = Exclude<Change, ChangeOfOthers | { kind: 'roles_changed' | 'anything_changed' }>;

interface Ended {
  readonly change: CredentialChange;
  readonly at: number;
}

/** How a call is told that its credential has ended. */
type End = (fault: ExchangeFault) => void;

interface OpenCall {
  readonly principal: Principal;
  readonly end: End;
}

/**
 * The calls that wait for an upstream or stream its answer. They end when the credential that let them in does.
 * A list without an index: calls come and go often, credentials end seldom.
 */
@Injectable()
export class OpenCalls implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger(OpenCalls.name);
  readonly #calls = new LiveList<OpenCall>();
  /** By their text, so that a change counts once; newest first. */
  readonly #ended = new LRUCache<string, Ended>({ max: ENDED, ttl: ENDED_MS });
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> = Promise.resolve();
  #checkWaits = false;

  constructor(
    private readonly check: CredentialCheck,
    bus: ChangeBus,
  ) {
    bus.subscribe((change) => this.#heard(change));
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#expire(), EXPIRY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#checking;
  }

  /** Returns how to forget the call. It is ended at once when its credential ended since the request came. */
  add({ principal, startedAt }: RequestContext, end: End): () => void {
    if (!principal) return () => undefined;
    const call = { principal, end };
    const forget = this.#calls.add(call);
    if (this.#ended.size > 0) this.#endIfLate(call, startedAt);
    return forget;
  }

  #heard(change: Change): void {
    // A policy is asked when a call begins.
    if (isOfOthers(change)) return;
    if (change.kind === 'anything_changed' || change.kind === 'roles_changed') {
      this.#checkSoon();
      return;
    }
    this.#ended.set(JSON.stringify(change), { change, at: performance.now() });
    for (const { principal, end } of this.#calls.values) if (concerns(change, principal)) end(change.kind);
  }

  #endIfLate({ principal, end }: OpenCall, startedAt: number): void {
    for (const { change, at } of this.#ended.values()) {
      if (at < startedAt) return;
      if (concerns(change, principal)) end(change.kind);
    }
  }

  #expire(): void {
    const now = Date.now();
    for (const { principal, end } of this.#calls.values) if (principal.expiresAt <= now) end('token_expired');
  }

  /** After a check that runs already: what that one has read may have changed since. */
  #checkSoon(): void {
    if (this.#checkWaits) return;
    this.#checkWaits = true;
    this.#checking = this.#checking.then(() => {
      this.#checkWaits = false;
      return this.#checkAll();
    });
  }

  /** Each caller once. One of whom the database says nothing is not let on: nobody knows whether he still may. */
  async #checkAll(): Promise<void> {
    const callers = [...new Set(this.#calls.values.map(({ principal }) => principal))];
    const work = async (): Promise<void> => {
      for (let caller = callers.pop(); caller; caller = callers.pop()) {
        if (!(await this.#holds(caller))) this.#endAllOf(caller);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async #holds(principal: Principal): Promise<boolean> {
    try {
      return await this.check.holds(principal);
    } catch (error) {
      this.#log.error({ message: 'an open call is ended: its credential cannot be looked up', error });
      return false;
    }
  }

  #endAllOf(principal: Principal): void {
    for (const call of this.#calls.values) if (call.principal === principal) call.end('token_revoked');
  }
}
