import { ASSUMED_LEGACY, type Envelope, EnvelopeRefusal, type JsonRpcId, RPC_CODES } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Answer, AnsweredError, BytesAnswer } from '../../http/answer.js';
import { principalOf } from '../../http/caller.js';
import type { ServerView } from '../../registry/catalog/catalog.js';
import { batchRefusal, rpcError } from '../gate/gate-refusal.js';
import type { McpSession } from './mcp-session.js';
import { McpSessionSettings } from './mcp-session.settings.js';
import { McpSessions } from './mcp-sessions.js';
import { ResumedStreams } from '../resumption/resumed-streams.js';
import { SessionStreams } from './session-streams.js';

const NOTHING = Buffer.alloc(0);
/** What clients know these refusals by (TypeScript SDK); the specification names the HTTP status alone. */
const SESSION_NOT_FOUND = -32001;
const SECOND_STREAM = -32000;

/** What the session id of a request leads to. */
@Injectable()
export class SessionDoor {
  constructor(
    private readonly sessions: McpSessions,
    private readonly streams: SessionStreams,
    private readonly resumed: ResumedStreams,
    private readonly settings: McpSessionSettings,
  ) {}

  /**
   * The session of a POST; undefined where there is none to ask for.
   * @throws AnsweredError 404 for one that is not, or no longer, the caller's at this endpoint; 400 for a batch that it knows not
   */
  async sessionOf(request: Request, envelope: Envelope, view: ServerView): Promise<McpSession | undefined> {
    const { batch, entries } = envelope;
    const [first] = entries;
    const call = batch || first === undefined || first instanceof EnvelopeRefusal ? undefined : first;
    if (call?.era === 'modern' || call?.method === 'initialize') return undefined;
    const session = await this.#find(request, view, call?.id);
    if (batch && session.revision !== ASSUMED_LEGACY) {
      throw refused(request, batchRefusal(session.revision), 'invalid_request');
    }
    return session;
  }

  /** GET: the stream of what no request asked for. */
  async listen(request: Request, response: Response, view: ServerView): Promise<Answer> {
    const session = await this.#find(request, view, undefined);
    const lastEventId = request.headers['last-event-id'];
    if (typeof lastEventId === 'string') return this.#resume(lastEventId, session, request, response);
    const answer = this.streams.open(session, request, response, view);
    if (answer) return answer;
    const text = 'Only one SSE stream is allowed per session';
    throw refused(request, rpcError(undefined, 409, SECOND_STREAM, text), 'second_stream');
  }

  async #resume(id: string, session: McpSession, request: Request, response: Response): Promise<Answer> {
    const answer = await this.resumed.open(id, session, request, response);
    if (answer) return answer;
    const text = 'Last-Event-ID names no event of this session that is still kept; send the request again';
    throw refused(request, rpcError(undefined, 400, RPC_CODES.invalidRequest, text), 'unknown_event');
  }

  /** DELETE: the client is done. */
  async end(request: Request, view: ServerView): Promise<Answer> {
    const { id } = await this.#find(request, view, undefined);
    await this.sessions.end(id);
    return new BytesAnswer(204, NOTHING);
  }

  async #find(request: Request, view: ServerView, id: JsonRpcId | undefined): Promise<McpSession> {
    const handle = String(request.headers['mcp-session-id']);
    const served = this.settings.servedAt(request.path);
    const found = served ? await this.sessions.find(handle, principalOf(request), view.id) : 'unknown_session';
    if (typeof found !== 'string') {
      request.context.mcpSessionId = found.id;
      return found;
    }
    throw refused(request, rpcError(id, 404, SESSION_NOT_FOUND, 'Session not found'), found);
  }
}

function refused({ context }: Request, answer: BytesAnswer, reason: string): AnsweredError {
  context.bytesOut = answer.body.length;
  return new AnsweredError(answer, reason);
}
