import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { LRUCache } from 'lru-cache';
import * as crypto from 'node:crypto';
import { type Change, ChangeBus } from '../../changes/change-bus.js';
import { GatewayError } from '../../http/errors.js';
import { AuthSettings } from '../auth.settings.js';
import { concerns, isOfOthers } from './concerns.js';
import { PrincipalResolver } from './principal-resolver.js';

const TOKENS = 10_000;
/** Nobody tells us what another issuer takes back, so its word holds for a minute at most; milliseconds. */
const EXTERNAL = 60_000;
const ATTEMPTS = 3;
/** Changes heard during one read; more of them count as one that concerns it. */
const MOST_HEARD = 1000;

/** Keys that no hash of a token equals. */
const BASIC = 'basic';
const PROXIED = 'proxy:';

/**
 * Remembers principals, by the hash of the whole token where there is one; what the change bus names is dropped at
 * once. While changes may be unheard, nothing is remembered.
 */
@Injectable()
export class PrincipalCache {
  readonly #known = new LRUCache<string, Principal>({ max: TOKENS, perf: performance });
  readonly #lifetime: number;
  /** For each read under way, what has changed since it began. */
  readonly #reads = new Set<Change[]>();

  constructor(
    private readonly resolver: PrincipalResolver,
    private readonly bus: ChangeBus,
    settings: AuthSettings,
  ) {
    this.#lifetime = settings.cacheSeconds * 1000;
    bus.subscribe((change) => this.#drop(change));
  }

  /**
   * The cached principal when there is one; asks the resolver otherwise. Where a token of an external issuer counts, the
   * principal says.
   * @param issuers external ones that the door takes tokens of
   */
  principalOf(token: string, issuers?: ReadonlySet<string>): Principal | Promise<Principal> {
    const key = crypto.hash('sha256', token, 'base64');
    return this.#remembered(key) ?? this.#resolve(key, () => this.resolver.resolve(token, issuers));
  }

  /** Whom HTTP Basic stands for; its password has been checked. */
  ofBasicAccount(): Principal | Promise<Principal> {
    return this.#remembered(BASIC) ?? this.#resolve(BASIC, () => this.resolver.basicAccount());
  }

  /** Whom a trusted proxy names. */
  ofProxied(email: string): Principal | Promise<Principal> {
    const key = PROXIED + email.toLowerCase();
    return this.#remembered(key) ?? this.#resolve(key, () => this.resolver.proxied(email));
  }

  #remembered(key: string): Principal | undefined {
    const known = this.bus.connected ? this.#known.get(key) : undefined;
    if (!known) return undefined;
    if (known.expiresAt <= Date.now()) throw new GatewayError('token_expired');
    // An idle one is looked at again: another replica may have seen its session used since.
    return this.resolver.stillActive(known) ? known : undefined;
  }

  async #resolve(key: string, ask: () => Promise<Principal>): Promise<Principal> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { connected } = this.bus;
      const heard: Change[] = [];
      this.#reads.add(heard);
      try {
        const principal = await ask();
        // What it found must be neither remembered nor used when it may be another by now.
        if (heard.length >= MOST_HEARD || heard.some((change) => concerns(change, principal))) continue;
        if (connected) this.#remember(key, principal);
        return principal;
      } finally {
        this.#reads.delete(heard);
      }
    }
    throw new GatewayError('overloaded');
  }

  #remember(key: string, principal: Principal): void {
    const { expiresAt, rolesUntil = Infinity } = principal;
    const lifetime =
      principal.external || principal.kind === 'service' ? Math.min(this.#lifetime, EXTERNAL) : this.#lifetime;
    const ttl = Math.min(lifetime, Math.min(expiresAt, rolesUntil) - Date.now());
    if (ttl >= 1) this.#known.set(key, principal, { ttl: Math.floor(ttl) });
  }

  #drop(change: Change): void {
    if (isOfOthers(change)) return;
    for (const heard of this.#reads) if (heard.length < MOST_HEARD) heard.push(change);
    for (const [key, principal] of this.#known.entries()) if (concerns(change, principal)) this.#known.delete(key);
  }
}
