import { randomUUID } from 'node:crypto';
import type { CallerIdentity } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { TokenIssuer } from '../../auth/jwt/token-issuer.js';
import { SettingsError } from '../../config/load-settings.js';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import { IdentitySettings } from '../../registry/identity/identity.settings.js';
import { originOf } from '../../registry/gateways/upstream-url.js';

type Headers = Readonly<Record<string, string>>;

/** What is said of a caller; nothing that the operator did not allow. */
interface Said {
  readonly id?: string;
  readonly email?: string;
  readonly teams?: readonly string[];
}

/** Seconds. */
const TOKEN_LIFE = 60;
/** A token is taken anew so long before its end that the upstream has time to look at it, milliseconds. */
const FRESH_MS = 30_000;
const MOST_TOKENS = 10_000;
/** More teams would not fit into a header; then nothing is said of them. */
const MOST_TEAMS = 100;
const VISIBLE = /^[\x21-\x7e]{1,255}$/;

/** Says to upstreams that may know it who calls. */
@Injectable()
export class CallerIdentities {
  readonly #tokens = new LRUCache<string, Promise<string>>({ max: MOST_TOKENS, ttl: FRESH_MS });

  /** @throws SettingsError where the tokens could be verified by nobody but ourselves */
  constructor(
    private readonly settings: IdentitySettings,
    private readonly issuer: TokenIssuer,
  ) {
    if (!settings.enabled || settings.mode === 'headers' || issuer.isPublic) return;
    throw new SettingsError([
      'IDENTITY_PROPAGATION_MODE must be headers while JWT_ALGORITHM is HS256, HS384 or HS512: upstreams could sign such a token themselves',
    ]);
  }

  /** Undefined where there is nothing to say, or nobody to say it to. */
  of(principal: Principal | undefined, gateway: CatalogGateway): CallerIdentity | undefined {
    if (!this.settings.enabled || !gateway.propagatesIdentity || !principal) return undefined;
    const said = this.#said(principal);
    if (!said) return undefined;
    const key = JSON.stringify(said);
    return { key, headers: () => this.#headers(said, key, principal, gateway) };
  }

  #said({ kind, userId, subject, teams }: Principal): Said | undefined {
    if (kind === 'anonymous') return undefined;
    const { attributes } = this.settings;
    const said: Said = {
      ...(attributes.includes('id') && userId !== null && { id: userId }),
      ...(attributes.includes('email') && { email: subject }),
    };
    if (Object.keys(said).length === 0) return undefined;
    const known = attributes.includes('teams') && teams.kind === 'teams' && teams.ids.size <= MOST_TEAMS;
    return known ? { ...said, teams: [...teams.ids].sort() } : said;
  }

  async #headers(said: Said, key: string, principal: Principal, gateway: CatalogGateway): Promise<Headers> {
    const { mode, prefix } = this.settings;
    const { id, email, teams } = said;
    const name = prefix.toLowerCase();
    return {
      ...(mode !== 'jwt' && {
        ...(id !== undefined && { [`${name}-id`]: id }),
        ...(email !== undefined && VISIBLE.test(email) && { [`${name}-email`]: email }),
        ...(teams && { [`${name}-teams`]: teams.join(',') }),
      }),
      ...(mode !== 'headers' && { [`${name}-token`]: await this.#token(said, key, principal, gateway) }),
    };
  }

  #token(said: Said, key: string, { expiresAt }: Principal, { id, target }: CatalogGateway): Promise<string> {
    const left = Math.floor((expiresAt - Date.now()) / 1000);
    const audience = originOf(target.url);
    const at = `${id} ${audience} ${expiresAt} ${key}`;
    const known = this.#tokens.get(at);
    if (known) return known;
    const { id: user, email, teams } = said;
    // Ours takes no token with this use, whatever its audience: what an upstream is told opens nothing here.
    const claims = { token_use: 'identity', ...(email !== undefined && { email }), ...(teams && { teams }) };
    const life = Math.max(1, Math.min(TOKEN_LIFE, left));
    const token = this.issuer.sign(user ?? email ?? '', randomUUID(), claims, life, audience);
    // One that ends with the credential of the caller, before its time, is not kept.
    if (life === TOKEN_LIFE) this.#tokens.set(at, token);
    token.catch(() => this.#tokens.delete(at));
    return token;
  }
}
