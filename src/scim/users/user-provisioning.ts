import { Injectable } from '@nestjs/common';
import { FieldRules } from '#libs/fields';
import type { JsonObject } from '#libs/mcp';
import { DataSource } from 'typeorm';
import { AccountCreation } from '../../auth/accounts/account-creation.js';
import { AccountEdits } from '../../auth/accounts/account-edits.js';
import { AccountRemoval } from '../../auth/accounts/account-removal.js';
import type { Actor } from '../../auth/accounts/actor.js';
import { GatewayError } from '../../http/errors.js';
import { TokenEndings } from '../../tokens/token-endings.js';
import { applyPatch } from '../patch/apply-patch.js';
import { USER_ATTRIBUTES } from '../patch/patch-attributes.js';
import { readPatch } from '../patch/read-patch.js';
import type { ScimClient } from '../scim-client.js';
import { ScimFault } from '../scim-fault.js';
import { ScimProfile } from './scim-profile.entity.js';
import { type ProvisionedUser, writableUser } from './scim-user.js';
import { UserReader } from './user-reader.js';
import { readUserWish, type UserWish } from './user-wish.js';

/** Keeps the accounts of an identity provider as it says. */
@Injectable()
export class UserProvisioning {
  constructor(
    private readonly reader: UserReader,
    private readonly creation: AccountCreation,
    private readonly edits: AccountEdits,
    private readonly removal: AccountRemoval,
    private readonly tokens: TokenEndings,
    private readonly dataSource: DataSource,
    private readonly rules: FieldRules,
  ) {}

  /** @throws ScimFault 400, 409 for a userName that an account has already, whoever's it is */
  async create(actor: Actor, client: ScimClient, body: JsonObject): Promise<ProvisionedUser> {
    const wish = readUserWish(body, this.rules);
    if (wish.userName === undefined) throw new ScimFault('invalidValue', 'userName is required');
    if (!speaksFor(client, wish.userName))
      throw new ScimFault('invalidValue', 'userName is of a domain that SCIM_CLIENTS does not give to this provider');
    const parts = [wish.givenName, wish.familyName].filter((part) => typeof part === 'string');
    try {
      const { id } = await this.creation.provision(actor, {
        email: wish.userName,
        fullName: wish.fullName ?? (parts.join(' ').slice(0, 255) || null),
        isActive: wish.active ?? true,
        authProvider: client.provider,
      });
      await this.#keepProfile(id, null, wish);
      return await this.reader.get(client, id);
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'conflict')
        throw new ScimFault('uniqueness', 'userName is taken', 'conflict');
      throw error;
    }
  }

  /** What is left out stays: an account that was disabled does not come back because somebody did not say so. */
  async replace(actor: Actor, client: ScimClient, id: string, body: JsonObject): Promise<ProvisionedUser> {
    return this.#write(actor, client, await this.reader.get(client, id), body);
  }

  async patch(actor: Actor, client: ScimClient, id: string, body: JsonObject): Promise<ProvisionedUser> {
    const user = await this.reader.get(client, id);
    return this.#write(actor, client, user, applyPatch(writableUser(user), readPatch(body, USER_ATTRIBUTES)));
  }

  /** Removes the account with all that hangs on it; what it did stays in the logs. @throws GatewayError 404, 409 */
  async remove(actor: Actor, client: ScimClient, id: string): Promise<void> {
    const user = await this.reader.get(client, id);
    await keptBack(() => this.removal.provision(actor, user));
  }

  async #write(actor: Actor, client: ScimClient, user: ProvisionedUser, given: JsonObject): Promise<ProvisionedUser> {
    const wish = readUserWish(given, this.rules);
    // What somebody owns goes by his address: another one would come into what its former holder left.
    if (wish.userName !== undefined && wish.userName !== user.email)
      throw new ScimFault('mutability', 'userName cannot be changed: delete the user and create another');
    const keptOff = wish.active === true && user.inactiveOrigin !== 'scim';
    // Only what differs is written, or what another request did meanwhile would be undone.
    const change = {
      ...(wish.fullName !== undefined && wish.fullName !== user.fullName && { fullName: wish.fullName }),
      ...(wish.active !== undefined && wish.active !== user.isActive && !keptOff && { isActive: wish.active }),
    };
    await keptBack(() => this.edits.provision(actor, user, change));
    // Each time it is said, so that what failed half-way is done by the next.
    if (wish.active === false) await this.tokens.revokeAllOf(actor.caller, user.id, 'deprovisioned');
    await this.#keepProfile(user.id, user.profile, wish);
    return this.reader.get(client, user.id);
  }

  async #keepProfile(userId: string, known: ScimProfile | null, wish: UserWish): Promise<void> {
    const kept = (name: 'externalId' | 'givenName' | 'familyName'): string | null =>
      wish[name] === undefined ? (known?.[name] ?? null) : wish[name];
    const profile = {
      userId,
      externalId: kept('externalId'),
      givenName: kept('givenName'),
      familyName: kept('familyName'),
    };
    await this.dataSource.manager.upsert(ScimProfile, profile, ['userId']);
  }
}

const speaksFor = ({ emailDomains }: ScimClient, email: string): boolean =>
  emailDomains.has('*') || emailDomains.has(email.slice(email.lastIndexOf('@') + 1));

/** What the house answers 400 to, the last administrator and the own account, is a conflict here. */
async function keptBack(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'bad_request') throw new GatewayError('conflict', error.detail);
    throw error;
  }
}
