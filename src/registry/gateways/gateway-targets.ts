import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { PeerTls } from '#libs/egress';
import { sseUrl, type UpstreamTarget } from '#libs/mcp';
import { GatewayError } from '../../http/errors.js';
import type { Connection } from './connection-wish.js';
import { type Credential, credentialHeaders } from './credential.js';
import { CredentialVault } from './credential-vault.js';
import { CredentialReferences } from './credential-references.js';
import type { GatewayEntity } from './gateway.entity.js';
import { peerTlsOf } from './trust/trust.js';
import { TrustVault } from './trust/trust-vault.js';
import { OauthAccess, type OauthUpstream } from './oauth-access.js';

/** Where an upstream is and with which credential; the credential in clear, so in memory only. */
export function upstreamTarget(id: string, { url, transport, credential, era, trust }: Connection): UpstreamTarget {
  const address = transport === 'SSE' ? sseUrl(new URL(url)) : new URL(url);
  // What is bounded for each address there is bounded for each gateway.
  if (transport !== 'STREAMABLEHTTP') address.hash = id;
  const tls = peerTlsOf(trust);
  return { id, url: address, headers: Object.freeze(credentialHeaders(credential)), eraPin: era, ...(tls && { tls }) };
}

const UNREADABLE = 'The stored credential of the gateway cannot be opened with the keys at hand; give it again';

const UNRESOLVED = 'A secret that the credential of the gateway refers to cannot be had';
/** An upstream with OAuth has a target without a credential: each caller's is another. */
export interface BareTarget {
  readonly target: UpstreamTarget;
  readonly oauth: OauthUpstream | undefined;
}

type Work<T> = (target: UpstreamTarget) => Promise<T>;
type Named = Pick<GatewayEntity, 'id' | 'name'>;

@Injectable()
export class GatewayTargets {
  readonly #log = new Logger(GatewayTargets.name);

  constructor(
    private readonly vault: CredentialVault,
    private readonly trust: TrustVault,
    private readonly references: CredentialReferences,
    private readonly access: OauthAccess,
  ) {}

  /**
   * Asks the upstream something.
   * @param caller on whose behalf one with OAuth is asked; undefined for nobody's
   * @throws GatewayError what {@link bare} and {@link OauthAccess.run} throw
   */
  async ask<T>(gateway: GatewayEntity, caller: Principal | undefined, work: Work<T>): Promise<T> {
    return this.authorized(await this.bare(gateway), caller, work);
  }

  /** The same of a gateway that is not stored like that yet. @throws GatewayError 422 also for a reference that leads nowhere */
  async askWished<T>(of: Named, wished: Connection, caller: Principal, work: Work<T>): Promise<T> {
    const connection = { ...wished, credential: await this.references.tried(wished.credential) };
    return this.authorized(bareTarget(of, connection), caller, work);
  }

  /**
   * @throws GatewayError `conflict` when the stored credential can't be opened, or a secret that it refers to can't be had;
   * `keys_unavailable` when it can't be opened now
   */
  async bare(gateway: GatewayEntity): Promise<BareTarget> {
    return this.with(gateway, await this.credential(gateway));
  }

  /** The same with a credential that was opened before. @throws GatewayError */
  async with(gateway: GatewayEntity, stored: Credential): Promise<BareTarget> {
    const { url, transport, era } = gateway;
    const trust = await opened(this.trust.open(gateway));
    return bareTarget(gateway, { url, transport, era, trust, credential: await this.#resolved(gateway, stored) });
  }

  /** As it is stored: references are left as they are. @throws GatewayError */
  credential(gateway: GatewayEntity): Promise<Credential> {
    return opened(this.vault.open(gateway));
  }

  /** How the upstream proves who it is. @throws GatewayError what {@link bare} throws */
  async tls(gateway: GatewayEntity): Promise<PeerTls | undefined> {
    return peerTlsOf(await opened(this.trust.open(gateway)));
  }

  /** Asks a target that was found before, with a token where it wants one. @throws GatewayError what {@link OauthAccess.run} throws */
  async authorized<T>(
    { target, oauth }: Partial<BareTarget> & Pick<BareTarget, 'target'>,
    caller: Principal | undefined,
    work: Work<T>,
  ): Promise<T> {
    if (!oauth) return work(target);
    return this.access.run(oauth, caller, (token) => work({ ...target, headers: { ...target.headers, ...token } }));
  }

  async #resolved({ id }: GatewayEntity, credential: Credential): Promise<Credential> {
    try {
      return await this.references.resolved(credential);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      this.#log.warn({ message: 'a secret that a gateway refers to cannot be had', gatewayId: id, reason });
      throw Object.assign(new GatewayError('conflict', UNRESOLVED, 'credential_unresolved'), { cause: error });
    }
  }
}

function bareTarget(of: Named, connection: Connection): BareTarget {
  const target = upstreamTarget(of.id, connection);
  return { target, oauth: oauthOf(of, connection, target.tls) };
}

async function opened<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    throw Object.assign(new GatewayError('conflict', UNREADABLE, 'credential_unreadable'), { cause: error });
  }
}

function oauthOf(
  { id, name }: Named,
  { url, credential }: Connection,
  tls: PeerTls | undefined,
): OauthUpstream | undefined {
  if (credential.type !== 'oauth') return undefined;
  return { gatewayId: id, name, url, tls, config: credential.config, secrets: credential.secrets };
}
