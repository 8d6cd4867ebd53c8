import { Injectable } from '@nestjs/common';
import type { JsonObject } from '#libs/mcp';
import type { CatalogItem } from '../../catalog/catalog.js';
import { type Credential, credentialHeaders } from '../../gateways/credential.js';
import { CredentialReferences } from '../../gateways/credential-references.js';
import { CredentialVault } from '../../gateways/credential-vault.js';

type Headers = Readonly<Record<string, string>>;

/** The credentials of kept tools, unsealed at their first use and kept in memory as long as the catalogue they came with. */
@Injectable()
export class KeptCredentials {
  readonly #opened = new WeakMap<JsonObject, Promise<Credential>>();

  constructor(
    private readonly vault: CredentialVault,
    private readonly references: CredentialReferences,
  ) {}

  /** The headers that carry it. Rejects when it can't be opened or a secret can't be had: the tool must not be called without. */
  async headersOf(item: CatalogItem): Promise<Headers> {
    const credential = await this.#openedOf(item);
    return credential ? credentialHeaders(await this.references.resolved(credential)) : {};
  }

  /** What is called has refused it. */
  async refused(item: CatalogItem): Promise<void> {
    const credential = await this.#openedOf(item);
    if (credential) this.references.forget(credential);
  }

  async #openedOf({ id, kept, sealedCredential }: CatalogItem): Promise<Credential | undefined> {
    if (kept === null || sealedCredential === null) return undefined;
    const known = this.#opened.get(kept);
    if (known) return known;
    const opened = this.vault.open({ id, authValue: sealedCredential }, 'tools');
    this.#opened.set(kept, opened);
    // What can't be had now may be had at the next call.
    opened.catch(() => this.#opened.delete(kept));
    return opened;
  }
}
