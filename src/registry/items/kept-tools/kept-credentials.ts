import { Injectable } from '@nestjs/common';
import type { JsonObject } from '#libs/mcp';
import { CredentialVault } from '../../gateways/credential-vault.js';
import { credentialHeaders } from '../../gateways/credential.js';
import type { CatalogItem } from '../../catalog/catalog.js';

type Headers = Readonly<Record<string, string>>;

/** The credentials of kept tools, unsealed at their first use and kept in memory as long as the catalogue they came with. */
@Injectable()
export class KeptCredentials {
  readonly #opened = new WeakMap<JsonObject, Promise<Headers>>();

  constructor(private readonly vault: CredentialVault) {}

  /** The headers that carry it. Rejects when it can't be opened: the tool must not be called without. */
  async headersOf({ id, kept, sealedCredential }: CatalogItem): Promise<Headers> {
    if (kept === null || sealedCredential === null) return {};
    const known = this.#opened.get(kept);
    if (known) return known;
    const opened = this.vault.open({ id, authValue: sealedCredential }, 'tools').then(credentialHeaders);
    this.#opened.set(kept, opened);
    // What can't be had now may be had at the next call.
    opened.catch(() => this.#opened.delete(kept));
    return opened;
  }
}
