import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '#libs/policy';
import { type Change, ChangeBus } from '../../changes/change-bus.js';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { oauthFault } from '../oauth-fault.js';
import type { AccessToken } from './access-token.js';
import { MachineTokens, type MachineWish } from './machine-tokens.js';
import { UserTokens } from './user-tokens.js';

interface Kept {
  readonly gatewayId: string;
  /** Null for the gateway itself. */
  readonly userId: string | null;
  readonly token: AccessToken;
}

interface Wish extends MachineWish {
  /** The upstream takes this one no more. */
  readonly refused?: AccessToken;
}

const MOST = 10_000;

/** The token for each caller at each upstream, from memory where it can, so that a call costs no query. */
@Injectable()
export class AccessTokens {
  readonly #kept = new LRUCache<string, Kept>({ max: MOST });
  readonly #getting = new Map<string, Promise<AccessToken>>();
  readonly #prints = new WeakMap<OauthUpstream, string>();
  /** Counts what was forgotten: what was read before that is not kept. */
  #forgotten = 0;

  constructor(
    private readonly users: UserTokens,
    private readonly machines: MachineTokens,
    private readonly bus: ChangeBus,
  ) {
    bus.subscribe((change) => this.#heard(change));
  }

  /** @throws UnconnectedError; GatewayError `oauth_failed` */
  of(upstream: OauthUpstream, caller: Principal | undefined): AccessToken | Promise<AccessToken> {
    const userId = userOf(upstream, caller);
    const key = this.#key(upstream, userId);
    const kept = this.bus.connected ? this.#kept.get(key) : undefined;
    if (kept && Date.now() < kept.token.goodUntil) return kept.token;
    return this.#get(key, upstream, userId, caller, { before: kept?.token });
  }

  /** After a 401. @throws as {@link of} does */
  async anew(upstream: OauthUpstream, caller: Principal | undefined, refused: AccessToken): Promise<AccessToken> {
    const userId = userOf(upstream, caller);
    const key = this.#key(upstream, userId);
    const kept = this.#kept.get(key);
    if (kept && kept.token.text !== refused.text) return kept.token;
    this.#kept.delete(key);
    return this.#get(key, upstream, userId, caller, { refused });
  }

  /** After a 401 to a token that is fresh. @throws UnconnectedError; GatewayError `oauth_failed` */
  async reject(upstream: OauthUpstream, token: AccessToken): Promise<never> {
    if (upstream.config.grant_type === 'authorization_code') return this.users.reject(upstream, token);
    throw oauthFault('the upstream refuses even fresh tokens');
  }

  /** After a 403 with insufficient_scope. @throws UnconnectedError; GatewayError `oauth_failed` */
  async stepUp(
    upstream: OauthUpstream,
    caller: Principal | undefined,
    token: AccessToken,
    scope: string | undefined,
  ): Promise<AccessToken> {
    if (upstream.config.grant_type === 'authorization_code') return this.users.stepUp(upstream, token, scope);
    const userId = userOf(upstream, caller);
    return this.#get(this.#key(upstream, userId), upstream, userId, caller, { scope });
  }

  /** Once for all who wait for it. */
  async #get(
    key: string,
    upstream: OauthUpstream,
    userId: string | null,
    caller: Principal | undefined,
    { before, refused, scope }: Wish = {},
  ): Promise<AccessToken> {
    const flight = `${key} ${refused?.text ?? ''} ${scope ?? ''}`;
    const under = this.#getting.get(flight);
    if (under) return under;
    const forgotten = this.#forgotten;
    const getting =
      upstream.config.grant_type === 'authorization_code'
        ? this.users.get(upstream, userId ?? '', refused)
        : this.machines.get(upstream, caller, { before, scope });
    this.#getting.set(flight, getting);
    try {
      const token = await getting;
      if (this.bus.connected && forgotten === this.#forgotten)
        this.#kept.set(key, { gatewayId: upstream.gatewayId, userId, token });
      return token;
    } finally {
      this.#getting.delete(flight);
    }
  }

  #key(upstream: OauthUpstream, userId: string | null): string {
    let print = this.#prints.get(upstream);
    if (print === undefined) {
      print = createHash('sha256').update(JSON.stringify(upstream)).digest('base64');
      this.#prints.set(upstream, print);
    }
    return `${print} ${userId ?? ''}`;
  }

  #heard(change: Change): void {
    if (change.kind === 'anything_changed') {
      this.#forgotten++;
      this.#kept.clear();
    } else if (change.kind === 'oauth_tokens_changed' || change.kind === 'user_changed') {
      this.#forgotten++;
      const { userId } = change;
      const gatewayId = 'gatewayId' in change ? change.gatewayId : undefined;
      for (const [key, kept] of this.#kept.entries())
        if (kept.userId === userId && (gatewayId === undefined || kept.gatewayId === gatewayId)) this.#kept.delete(key);
    }
  }
}

/** Whose token it is; null for the gateway's own. */
function userOf({ config }: OauthUpstream, caller: Principal | undefined): string | null {
  if (config.grant_type === 'client_credentials') return null;
  if (!caller || caller.userId === null) throw oauthFault('this upstream is for users with an account alone');
  return caller.userId;
}
