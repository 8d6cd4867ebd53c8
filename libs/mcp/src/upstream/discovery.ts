import { isJsonObject, type JsonObject, RPC_CODES } from '../json-rpc.js';
import { META_KEYS } from '../meta-keys.js';
import { type Era, namesModern, NEWEST_MODERN, type Revision, servedLegacy, servedModern } from '../revisions.js';
import { Budget, type UpstreamLimits } from './budget.js';
import { LegacySession } from './legacy-session.js';
import { ModernPeer } from './modern-peer.js';
import type { RpcAnswer, RpcError } from './rpc-answer.js';
import { refuseOutage } from './rpc-result.js';
import { UpstreamError } from './upstream-error.js';
import type { UpstreamHttp } from './upstream-http.js';
import type { ClientIdentity, UpstreamTarget } from './upstream-target.js';

/** What an upstream is, as this credential sees it. A legacy verdict ages silently: ask again after a day. */
export interface Discovery {
  readonly era: Era;
  readonly revision: Revision;
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject | undefined;
  readonly instructions: string | undefined;
  /** Legacy upstreams that hand out session ids; the others share one handshake. */
  readonly sessionful: boolean;
}

export interface UpstreamOptions extends UpstreamLimits {
  readonly identity: ClientIdentity;
}

/**
 * Finds out the era and revision of an upstream: asks `server/discover`, and falls back to `initialize` where the answer
 * is not one of the modern era. An outage or a refused credential is no verdict and throws.
 * @throws UpstreamError
 */
export async function discoverUpstream(
  http: UpstreamHttp,
  target: UpstreamTarget,
  options: UpstreamOptions,
): Promise<Discovery> {
  const { identity } = options;
  const budget = new Budget(options);
  const { eraPin = 'auto' } = target;
  const modern = eraPin === 'legacy' ? undefined : await probe(http, target, identity, budget);
  if (modern) return modern;
  if (eraPin === 'modern') {
    throw new UpstreamError('unsupported_version', `does not answer server/discover as ${NEWEST_MODERN} asks`);
  }
  const session = await LegacySession.open(http, target, identity, budget);
  await session.close();
  const { id, ...rest } = session.handshake;
  return { era: 'legacy', ...rest, sessionful: id !== undefined };
}

/** Undefined is the verdict "legacy". */
async function probe(
  http: UpstreamHttp,
  target: UpstreamTarget,
  identity: ClientIdentity,
  budget: Budget,
): Promise<Discovery | undefined> {
  const first = await askToDiscover(http, target, identity, NEWEST_MODERN, budget);
  const offered = offeredInstead(first);
  const answer = offered ? await askToDiscover(http, target, identity, offered, budget) : first;
  if (offered && isVersionRefusal(answer)) {
    throw new UpstreamError('unsupported_version', `refuses ${offered}, which it says it supports`);
  }
  return answer.outcome && 'result' in answer.outcome ? readDiscovery(answer.outcome.result) : undefined;
}

async function askToDiscover(
  http: UpstreamHttp,
  target: UpstreamTarget,
  identity: ClientIdentity,
  revision: Revision,
  budget: Budget,
): Promise<RpcAnswer> {
  const answer = await new ModernPeer(http, target, identity, revision).ask('server/discover', {}, budget);
  refuseOutage(answer);
  return answer;
}

/** The modern revision that an upstream names when it refuses the one it was asked in. */
function offeredInstead(answer: RpcAnswer): Revision | undefined {
  if (!isVersionRefusal(answer)) return undefined;
  const { data } = answer.outcome.error;
  return modernRevision(isJsonObject(data) ? data['supported'] : undefined);
}

function isVersionRefusal(answer: RpcAnswer): answer is RpcAnswer & { outcome: { error: RpcError } } {
  return (
    answer.outcome !== undefined &&
    'error' in answer.outcome &&
    answer.outcome.error.code === RPC_CODES.unsupportedVersion
  );
}

function readDiscovery(result: JsonObject): Discovery | undefined {
  const { supportedVersions, capabilities, instructions, _meta: meta } = result;
  const revision = modernRevision(supportedVersions);
  if (revision === undefined || !isJsonObject(capabilities)) return undefined;
  const serverInfo = isJsonObject(meta) ? meta[META_KEYS.serverInfo] : undefined;
  return {
    era: 'modern',
    revision,
    capabilities,
    serverInfo: isJsonObject(serverInfo) ? serverInfo : undefined,
    instructions: typeof instructions === 'string' ? instructions : undefined,
    sessionful: false,
  };
}

/**
 * Our newest modern revision in a list of versions; undefined sends us to `initialize`.
 * @throws UpstreamError `unsupported_version` when the list has modern revisions only, and none of ours
 */
function modernRevision(versions: unknown): Revision | undefined {
  if (!Array.isArray(versions)) return undefined;
  const listed = versions.filter((version) => typeof version === 'string');
  const common = listed.map(servedModern).find((revision) => revision !== undefined);
  if (common === undefined && listed.some(namesModern) && !listed.some(servedLegacy)) {
    throw new UpstreamError('unsupported_version', 'speaks only protocol versions that Portcullis does not');
  }
  return common;
}
