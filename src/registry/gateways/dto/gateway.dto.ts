import { IntersectionType } from '@nestjs/swagger';
import { type Era, stdioCommand } from '#libs/mcp';
import { RegistryRowDto, shownRow } from '../../rows/dto/registry-row.dto.js';
import { named, shownCredential } from '../public-names.js';
import type { AuthType, EraPin, GatewayEntity, Transport } from '../gateway.entity.js';
import { shownUrl } from '../upstream-url.js';
import { GatewayTlsDto } from './gateway-tls.dto.js';
import { shownTrust } from '../trust/shown-trust.js';
import { type ShownOauthDto, shownOauth } from './shown-oauth.dto.js';
import { SkippedItemDto } from './skipped-item.dto.js';

export class MaskedHeaderDto {
  key: string;
  /** `*****`, or the reference to the secret. */
  value: string;
}

export interface ItemCounts {
  readonly toolCount: number;
  readonly resourceCount: number;
  readonly promptCount: number;
}

/** An allow-list: nothing of a gateway is shown that is not named here, and of secrets only the mask. */
export class GatewayDto extends IntersectionType(RegistryRowDto, GatewayTlsDto) {
  name: string;
  slug: string;
  /** The values of its query are masked. Of a process, its command. */
  url: string;
  description: string;
  transport: Transport;
  /** Of a process. */
  command: string | null;
  /** Of a process; shown to those who may change the row. */
  args: string[] | null;
  /** Of a process, each value `*****`, or the reference to it. */
  env: Record<string, string> | null;
  reachable: boolean;
  /** ISO 8601, UTC. */
  lastSeen: string;
  authType: AuthType;
  authUsername: string | null;
  /** `*****`, or the reference to the secret. */
  authPassword: string | null;
  /** `*****`, or the reference to the secret. */
  authToken: string | null;
  authHeaders: MaskedHeaderDto[] | null;
  oauthConfig: ShownOauthDto | null;
  /** What was asked for. */
  era: EraPin;
  /** What the upstream turned out to be. */
  protocolEra: Era;
  protocolVersion: string;
  capabilities: object;
  toolCount: number;
  resourceCount: number;
  promptCount: number;
  /** What the last crawl left out, the first fifty. */
  skipped: SkippedItemDto[];
  /** The tools among them. */
  skippedTools: SkippedItemDto[];
  /**
   * The request headers of callers that the upstream is given, while ENABLE_HEADER_PASSTHROUGH is on; null for those of
   * `/admin/config/passthrough-headers`.
   */
  passthroughHeaders: string[] | null;
  /** It is told who calls, while IDENTITY_PROPAGATION_ENABLED is on. */
  propagateIdentity: boolean;
}

export class GatewayPageDto {
  gateways: GatewayDto[];
  nextCursor?: string | undefined;
}

export class GatewayStateDto {
  status: 'success';
  message: string;
  gateway: GatewayDto;
}

export function shownGateway(row: GatewayEntity, counts: ItemCounts): GatewayDto {
  const { name, slug, description, transport, reachable, authType, era, discovery } = row;
  return {
    ...shownRow(row),
    ...shownTrust(row),
    name,
    slug,
    url: shownUrl(row.url),
    description,
    transport,
    ...shownProcess(row),
    reachable,
    lastSeen: row.lastSeen.toISOString(),
    authType,
    ...shownCredential(authType, row.authNames),
    oauthConfig: shownOauth(row),
    era,
    protocolEra: discovery.era,
    protocolVersion: discovery.revision,
    capabilities: discovery.capabilities,
    ...counts,
    skipped: row.skipped,
    skippedTools: row.skipped.filter(({ kind }) => kind === 'tool'),
    passthroughHeaders: row.passthroughHeaders,
    propagateIdentity: row.propagateIdentity,
  };
}

function shownProcess({
  transport,
  url,
  authNames,
  changeable,
}: GatewayEntity): Pick<GatewayDto, 'command' | 'args' | 'env'> {
  if (transport !== 'STDIO') return { command: null, args: null, env: null };
  const { command, args } = stdioCommand(new URL(url));
  return {
    command,
    args: changeable === true ? [...args] : null,
    env: Object.fromEntries(named(authNames).map(({ name, shown }) => [name, shown])),
  };
}
