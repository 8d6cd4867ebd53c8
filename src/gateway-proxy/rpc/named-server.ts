import { type Envelope, EnvelopeRefusal, RPC_CODES, withoutParam } from '#libs/mcp';
import type { Request } from 'express';
import { AnsweredError } from '../../http/answer.js';
import { principalOf } from '../../http/caller.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { CheckLog } from '../../rbac/checks/check-log.js';
import { refusalReason, rpcError } from '../gate/gate-refusal.js';

const MEMBER = 'server_id';
const ID = /^[0-9a-f]{32}$/;
/** What clients of `/rpc` know this refusal by. */
const TOKEN_OF_ANOTHER = -32003;
const REASON = 'token_server_scope';

/**
 * `params.server_id` of `/rpc` stands for the endpoint of that virtual server: it becomes the `serverId` of the request,
 * which the scopes of tokens are compared with, and goes no further.
 * @throws AnsweredError 400 for what is no id or not the same in a whole batch, 403 to a token of another server
 */
export function narrowedToServer(envelope: Envelope, request: Request, checks: CheckLog): Envelope {
  const { context } = request;
  const calls = envelope.entries.flatMap((entry) => (entry instanceof EnvelopeRefusal ? [] : [entry]));
  const [given, ...others] = new Set(calls.map(({ params }) => params?.[MEMBER]));
  const refuse = (status: number, code: number, text: string, reason?: string): AnsweredError => {
    const [call] = envelope.batch ? [] : envelope.entries;
    context.method = call?.method;
    context.target = call?.targetName;
    const id = call?.id;
    const refusal = new EnvelopeRefusal(status, code, text, id);
    return new AnsweredError(rpcError(id, status, code, text), reason ?? refusalReason(refusal));
  };
  if (others.length > 0)
    throw refuse(400, RPC_CODES.invalidRequest, `params.${MEMBER} must be the same in all messages of a batch`);
  if (given === undefined) return envelope;
  const serverId = typeof given === 'string' ? normaliseId(given) : '';
  if (!ID.test(serverId))
    throw refuse(400, RPC_CODES.invalidParams, `params.${MEMBER} must be the id of a virtual server`);
  const principal = principalOf(request);
  const { serverId: own = serverId } = principal.restrictions;
  if (own !== serverId) {
    checks.note({
      principal,
      action: 'servers.use',
      row: undefined,
      answer: { allowed: false, reason: REASON },
      at: { origin: context },
    });
    throw refuse(403, TOKEN_OF_ANOTHER, `Token not authorized for server: ${serverId}`, REASON);
  }
  request.params['serverId'] = serverId;
  if (!envelope.batch) return { batch: false, entries: [withoutParam(envelope.entries[0], MEMBER)] };
  const entries = envelope.entries.map((entry) =>
    entry instanceof EnvelopeRefusal ? entry : withoutParam(entry, MEMBER),
  );
  return { batch: true, entries };
}
