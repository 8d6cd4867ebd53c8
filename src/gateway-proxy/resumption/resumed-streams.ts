import { sseFrame } from '#libs/mcp';
import { Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { setImmediate as afterwards, setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../../http/answer.js';
import type { McpSession } from '../sessions/mcp-session.js';
import { type StandaloneStream, StandaloneStreams } from '../sessions/standalone-streams.js';
import { eventId, readEventId } from './event-ids.js';
import { EventLog, type LoggedPart } from './event-log.js';

/** How often a stream that another replica may be writing is looked at, milliseconds. */
const LOOK_MS = 100;

/** Streams that go on from where a client lost them. */
@Injectable()
export class ResumedStreams {
  readonly #log = new Logger(ResumedStreams.name);
  /** How to end each, by its session and stream: a client that comes back twice means the last time. */
  readonly #open = new Map<string, () => void>();

  constructor(
    private readonly log: EventLog,
    private readonly streams: StandaloneStreams,
  ) {}

  /** Undefined for an event that was none of this session's, or is no longer kept. */
  async open(
    lastEventId: string,
    session: McpSession,
    request: Request,
    response: Response,
  ): Promise<Answer | undefined> {
    const last = readEventId(lastEventId);
    const key = `${session.id}:${last?.stream ?? ''}`;
    const part = last && (await this.log.after(key, last.at));
    if (!part) return undefined;
    const gone = new AbortController();
    this.#open.get(key)?.();
    const { stream, answer, end } = this.streams.open(request, response, () => {
      gone.abort();
      if (this.#open.get(key) === end) this.#open.delete(key);
    });
    if (!gone.signal.aborted) this.#open.set(key, end);
    this.#follow(stream, key, { ...last, part }, gone.signal)
      .catch((error: unknown) => this.#log.error({ message: 'a stream cannot be resumed any further', error }))
      .finally(end);
    return answer;
  }

  async #follow(
    stream: StandaloneStream,
    key: string,
    from: { readonly stream: string; readonly at: number; readonly part: LoggedPart },
    gone: AbortSignal,
  ): Promise<void> {
    // When the answer is on its way; before that nobody would say that the client is slow.
    await afterwards();
    let at = from.at;
    for (let part: LoggedPart | undefined = from.part; part && !gone.aborted; part = await this.log.after(key, at)) {
      for (const event of part.events) {
        await stream.ready();
        if (gone.aborted) return;
        stream.pass(sseFrame(event.message, eventId(from.stream, event.at)));
        ({ at } = event);
      }
      if (part.ended) return;
      await pause(LOOK_MS);
    }
  }
}
