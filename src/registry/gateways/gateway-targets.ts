import { Injectable } from '@nestjs/common';
import { sseUrl, type UpstreamTarget } from '#libs/mcp';
import { GatewayError } from '../../http/errors.js';
import type { Connection } from './connection-wish.js';
import { credentialHeaders } from './credential.js';
import { CredentialVault } from './credential-vault.js';
import type { GatewayEntity } from './gateway.entity.js';
import { peerTlsOf } from './trust/trust.js';
import { TrustVault } from './trust/trust-vault.js';

/** Where an upstream is and with which credential; the credential in clear, so in memory only. */
export function upstreamTarget(id: string, { url, transport, credential, era, trust }: Connection): UpstreamTarget {
  const address = transport === 'SSE' ? sseUrl(new URL(url)) : new URL(url);
  // What is bounded for each address there is bounded for each gateway.
  if (transport !== 'STREAMABLEHTTP') address.hash = id;
  const tls = peerTlsOf(trust);
  return { id, url: address, headers: Object.freeze(credentialHeaders(credential)), eraPin: era, ...(tls && { tls }) };
}

const UNREADABLE = 'The stored credential of the gateway cannot be opened with the keys at hand; give it again';

@Injectable()
export class GatewayTargets {
  constructor(
    private readonly vault: CredentialVault,
    private readonly trust: TrustVault,
  ) {}

  /** @throws GatewayError `conflict` when the stored credential can't be opened, `keys_unavailable` when it can't be now */
  async of(gateway: GatewayEntity): Promise<UpstreamTarget> {
    const { id, url, transport, era } = gateway;
    const credential = await opened(this.vault.open(gateway));
    return upstreamTarget(id, { url, transport, era, credential, trust: await opened(this.trust.open(gateway)) });
  }
}

async function opened<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    throw Object.assign(new GatewayError('conflict', UNREADABLE, 'credential_unreadable'), { cause: error });
  }
}
