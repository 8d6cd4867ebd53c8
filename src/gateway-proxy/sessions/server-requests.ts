import { type IncomingFrame, type JsonObject, type McpCall, mayBeAsked, splice } from '#libs/mcp';
import { SealedHandles } from '#libs/sealing';
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { VaultSettings } from '../../vault/vault.settings.js';
import { Mail, OF_CLIENT_MS } from '../bridge/mail.js';
import { Tasks } from '../tasks/tasks.service.js';
import { GateSettings } from '../gate.settings.js';
import type { McpSession } from './mcp-session.js';
import { type SessionUpstream, SessionUpstreams } from './session-upstreams.js';

/** Longest id of an upstream's request that is relayed, bytes of JSON text; the client's side of it is bounded too. */
const LONGEST_ID = 64;

/** In the place of an upstream: the gate itself wants to know. */
const OURS = '';

/** To whom the answer of the client goes. */
interface Asked {
  /** The name of the upstream session. */
  readonly u: string;
  /** The id by which the upstream knows its request, JSON text. */
  readonly i: string;
}

/**
 * What upstreams ask of clients in the middle of a call: sampling, elicitation, roots. The id under which a client gets
 * the request says, sealed, to which upstream its answer goes, so that any replica can take it there.
 */
@Injectable()
export class ServerRequests {
  readonly #handles: SealedHandles<Asked>;

  constructor(
    private readonly upstreams: SessionUpstreams,
    private readonly mail: Mail,
    private readonly tasks: Tasks,
    private readonly settings: GateSettings,
    vault: VaultSettings,
  ) {
    this.#handles = new SealedHandles(vault.keyRing('mcp-server-requests'));
  }

  /** The request as the client gets it; undefined for one that it can't be asked. */
  relayed({ bytes, scan }: IncomingFrame, session: McpSession, { name }: SessionUpstream): Buffer | undefined {
    const { id, method } = scan;
    if (!id || !method || id.end - id.start > LONGEST_ID) return undefined;
    const asked = JSON.parse(bytes.toString('utf8', method.start, method.end)) as string;
    const { params } = JSON.parse(bytes.toString('utf8')) as JsonObject;
    if (!mayBeAsked(asked, params, session.capabilities)) return undefined;
    const ours = this.#mint({ u: name, i: bytes.toString('utf8', id.start, id.end) }, session);
    return splice(bytes, [{ span: id, bytes: Buffer.from(ours) }]);
  }

  /** A question of the gate's own, whose answer is given under `name`; undefined for one that the client can't be asked. */
  question(
    method: string,
    params: JsonObject,
    session: McpSession,
  ): { readonly name: string; readonly message: Buffer } | undefined {
    if (!mayBeAsked(method, params, session.capabilities)) return undefined;
    const i = randomUUID();
    // A client of an older revision knows a URL to go to by an id (2025-11-25).
    const all = params['mode'] === 'url' ? { elicitationId: i, ...params } : params;
    const message = { jsonrpc: '2.0', id: JSON.parse(this.#mint({ u: OURS, i }, session)), method, params: all };
    return { name: nameOf(session, i), message: Buffer.from(JSON.stringify(message)) };
  }

  /** Takes the client's answer to whoever asked; false for an answer to nothing that was asked in this session. */
  async answer(call: McpCall, session: McpSession): Promise<boolean> {
    const { id } = call.scan;
    if (typeof call.id !== 'string' || !id) return false;
    const asked = this.#handles.read(call.id, [session.id], new Date());
    if (asked?.u === OURS) {
      await this.mail.put(nameOf(session, asked.i), call.bytes.toString('utf8'), OF_CLIENT_MS);
      return true;
    }
    const upstream = asked && (await this.upstreams.all(session)).find(({ name }) => name === asked.u);
    if (!asked || !upstream) return false;
    const answer = splice(call.bytes, [{ span: id, bytes: Buffer.from(asked.i) }]);
    return upstream.session.tell(this.tasks.answerTo(answer, session));
  }

  /** The id as JSON text. */
  #mint(content: Asked, session: McpSession): string {
    const until = new Date(Date.now() + this.settings.callMaxSeconds * 1000);
    return JSON.stringify(this.#handles.mint(content, [session.id], until));
  }
}

const nameOf = ({ id }: McpSession, question: string): string => `${id}:${question}`;
