import { isJsonObject, type JsonObject } from '#libs/mcp';
import { PluginFaultError } from '../../chain/run-hook.js';
import type { PluginContext } from '../../plugin-context.js';

/** Of what a server may keep in each part of a context, characters of JSON. */
const MOST_KEPT = 65_536;
const KEY = 'external plugins';

interface Kept {
  readonly state: JsonObject;
  readonly metadata: JsonObject;
}

const NOTHING: Kept = { state: {}, metadata: {} };

const ownOf = ({ local }: PluginContext): Kept => (local.get(KEY) as Kept | undefined) ?? NOTHING;
/** External plugins share among themselves alone: what plugins of the house share may be secret, and is theirs to write. */
const sharedOf = ({ state }: PluginContext): Kept => (state.get(KEY) as Kept | undefined) ?? NOTHING;

export function contextToWire(context: PluginContext): JsonObject {
  const { requestId, user, tenantId, serverId, target } = context.facts;
  const shared = sharedOf(context);
  const gateway = target?.gateway;
  return {
    ...ownOf(context),
    global_context: {
      request_id: requestId,
      user,
      tenant_id: tenantId ?? null,
      server_id: serverId ?? null,
      state: shared.state,
      metadata: {
        ...shared.metadata,
        ...(target && {
          tool: {
            id: target.id,
            name: target.name,
            original_name: target.upstreamName,
            tags: target.tags,
            annotations: target.annotations,
            team_id: target.teamId,
          },
        }),
        ...(gateway && { gateway: { id: gateway.id, name: gateway.name, slug: gateway.slug } }),
      },
    },
  };
}

/**
 * Keeps what a server changed in it, for the rest of the request.
 * @throws PluginFaultError
 */
export function keepContext(context: PluginContext, wire: unknown): void {
  if (wire === undefined || wire === null) return;
  if (!isJsonObject(wire)) throw new PluginFaultError('returned a context that is no object');
  context.local.set(KEY, kept(wire, ownOf(context)));
  const shared = wire['global_context'];
  if (shared === undefined || shared === null) return;
  if (!isJsonObject(shared)) throw new PluginFaultError('returned a context that is no object');
  const { tool: _tool, gateway: _gateway, ...metadata } = isJsonObject(shared['metadata']) ? shared['metadata'] : {};
  context.state.set(KEY, kept({ ...shared, metadata }, sharedOf(context)));
}

function kept(wire: JsonObject, before: Kept): Kept {
  return { state: bounded(wire['state'], before.state), metadata: bounded(wire['metadata'], before.metadata) };
}

function bounded(given: unknown, before: JsonObject): JsonObject {
  if (given === undefined || given === null) return before;
  if (!isJsonObject(given)) throw new PluginFaultError('returned a context whose state or metadata is no object');
  if (JSON.stringify(given).length > MOST_KEPT)
    throw new PluginFaultError(`returned a context with more than ${MOST_KEPT} characters`);
  return given;
}
