import {
  ACKNOWLEDGED,
  isJsonObject,
  LIST_NOTICES,
  type ListenFilter,
  type McpCall,
  META_KEYS,
  NOTICED_LISTS,
  type NoticedList,
  rawId,
  resultBody,
  RPC_CODES,
} from '#libs/mcp';
import type { Permission, Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import type { Answer } from '../../http/answer.js';
import { GatewayError } from '../../http/errors.js';
import { AccessService } from '../../rbac/access.service.js';
import type { GateRequest } from '../gate/gate.service.js';
import { rpcError } from '../gate/gate-refusal.js';
import { serverInfoOf } from '../gate/opening.js';
import { McpSessionSettings } from '../sessions/mcp-session.settings.js';
import { StandaloneStreams } from '../sessions/standalone-streams.js';
import { ListChanges } from './list-changes.js';
import type { Listener, Notice } from './listener.js';
import { ResourceUpdates } from './resource-updates.js';

const PERMISSIONS: Readonly<Record<NoticedList, Permission>> = {
  tools: 'tools.read',
  prompts: 'prompts.read',
  resources: 'resources.read',
};

/** Characters; longer ones name no resource. */
const LONGEST_URI = 2048;

/** What was asked for, read and bounded. */
interface Wish {
  readonly lists: readonly NoticedList[];
  readonly uris: readonly string[];
}

/** `subscriptions/listen` of 2026-07-28: the answer is a stream of what changes. */
@Injectable()
export class ListenCalls {
  constructor(
    private readonly streams: StandaloneStreams,
    private readonly lists: ListChanges,
    private readonly updates: ResourceUpdates,
    private readonly access: AccessService,
    private readonly settings: McpSessionSettings,
  ) {}

  /** @throws GatewayError 406 for who takes no events, and when there are too many streams */
  listen(call: McpCall, at: GateRequest, principal: Principal): Answer {
    const { context, view, request, response, takesEvents } = at;
    const wish = readWish(call, this.settings.maxSubscriptions);
    if (typeof wish === 'string') {
      context.failed = 'invalid_params';
      return rpcError(call.id, 200, RPC_CODES.invalidParams, wish);
    }
    if (!takesEvents) throw new GatewayError('not_acceptable', 'subscriptions/listen is answered with a stream');
    const caller = { principal, serverId: view.id, context };
    const may = (list: NoticedList): boolean =>
      this.access.check(principal, PERMISSIONS[list], undefined, { origin: context }).allowed;
    const lists = wish.lists.filter(may);
    const uris = wish.uris.filter((uri) => this.updates.offers(caller, uri));
    const leaving: (() => void)[] = [];
    const { stream, answer, end } = this.streams.open(
      request,
      response,
      () => {
        for (const leave of leaving) leave();
      },
      (open) => open.send(lastWord(call, at)),
    );
    const send = ({ method, params }: Notice | Acknowledgement): void =>
      stream.send(notification(method, params, rawId(call)));
    send({ method: ACKNOWLEDGED, params: { notifications: filterOf(lists, uris) } });
    if (lists.length === 0 && uris.length === 0) end();
    else if (!response.destroyed) {
      const listener: Listener = { ...caller, lists: new Set(lists), send, end };
      leaving.push(this.lists.add(listener), () => this.updates.set(listener, []));
      this.updates.set(listener, uris);
    }
    return answer;
  }
}

interface Acknowledgement {
  readonly method: string;
  readonly params: { readonly notifications: ListenFilter };
}

/** The fault, where there is one. */
function readWish({ params }: McpCall, most: number): Wish | string {
  const asked = params?.['notifications'];
  if (!isJsonObject(asked)) return 'params.notifications must be an object';
  const lists: NoticedList[] = [];
  for (const list of NOTICED_LISTS) {
    const { filter } = LIST_NOTICES[list];
    const wanted = asked[filter];
    if (wanted !== undefined && typeof wanted !== 'boolean') return `params.notifications.${filter} must be a boolean`;
    if (wanted === true) lists.push(list);
  }
  const { resourceSubscriptions: uris = [] } = asked;
  const field = 'params.notifications.resourceSubscriptions';
  if (!Array.isArray(uris) || !uris.every(isUri)) {
    return `${field} must be an array of URIs of at most ${LONGEST_URI} characters`;
  }
  const once = [...new Set(uris)];
  if (once.length > most) return `${field} may name ${most} resources (MCP_SESSION_MAX_SUBSCRIPTIONS)`;
  return { lists, uris: once };
}

const isUri = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_URI;

function filterOf(lists: readonly NoticedList[], uris: readonly string[]): ListenFilter {
  const members = lists.map((list) => [LIST_NOTICES[list].filter, true as const]);
  return { ...Object.fromEntries(members), ...(uris.length > 0 && { resourceSubscriptions: uris }) };
}

/** The id goes back as the client wrote it. */
function notification(method: string, params: object | undefined, id: string): string {
  const meta = `"_meta":{"${META_KEYS.subscriptionId}":${id}}`;
  const members = params ? `${JSON.stringify(params).slice(1, -1)},` : '';
  return `{"jsonrpc":"2.0","method":"${method}","params":{${members}${meta}}}`;
}

function lastWord(call: McpCall, { view }: GateRequest): string {
  const id = rawId(call);
  const info = JSON.stringify(serverInfoOf(view));
  const meta = `{"${META_KEYS.subscriptionId}":${id},"${META_KEYS.serverInfo}":${info}}`;
  return resultBody(id, `{"resultType":"complete","_meta":${meta}}`);
}
