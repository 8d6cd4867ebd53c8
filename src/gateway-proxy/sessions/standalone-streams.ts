import { sseFrame } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Answer } from '../../http/answer.js';
import { Drain } from '../../http/drain.js';
import { GatewayError } from '../../http/errors.js';
import type { RequestContext } from '../../http/request-context.js';
import { OpenCalls } from '../forward/open-calls.js';
import { SSE_HEADERS, StreamedAnswer } from '../forward/streamed-answer.js';
import { GateSettings } from '../gate.settings.js';

/** Bytes that may wait for a client that does not read; then its stream is ended, and it may come again. */
const MOST_WAITING = 1024 * 1024;

/** A stream of notifications, open until the client leaves, its credential ends, or the gateway stops. */
export class StandaloneStream {
  readonly answer: StreamedAnswer;
  #waiting = 0;
  #slow = false;
  #drained: (() => void)[] = [];

  constructor(readonly context: RequestContext) {
    this.answer = new StreamedAnswer(
      SSE_HEADERS,
      {
        pause: () => (this.#slow = true),
        resume: () => {
          this.#slow = false;
          this.#waiting = 0;
          for (const drained of this.#drained.splice(0)) drained();
        },
        answered: () => undefined,
      },
      context,
    );
  }

  /** @param message one JSON-RPC message */
  send(message: string | Buffer): void {
    this.pass(sseFrame(message));
  }

  /** Settles when the client has taken what it was sent, or has left. */
  ready(): Promise<void> {
    return this.#slow ? new Promise((resolve) => this.#drained.push(resolve)) : Promise.resolve();
  }

  /** @param frame one event */
  pass(frame: Buffer): void {
    if (this.#slow) this.#waiting += frame.length;
    if (this.#waiting > MOST_WAITING) this.answer.break();
    else this.answer.push(frame);
  }
}

/** All streams of notifications of this replica: bounded, and ended when they must. */
@Injectable()
export class StandaloneStreams {
  readonly #open = new Map<StandaloneStream, () => void>();
  readonly #ofSubject = new Map<string, number>();

  constructor(
    private readonly openCalls: OpenCalls,
    private readonly settings: GateSettings,
    drain: Drain,
  ) {
    drain.onBegin(() => {
      for (const end of this.#open.values()) end();
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * @param onClose called once, when nothing can be sent any more
   * @param onEnd called before the gate ends the stream by itself, while the last word can be said
   * @throws GatewayError when there are too many
   */
  open(
    { context }: Request,
    response: Response,
    onClose: () => void,
    onEnd: (stream: StandaloneStream) => void = () => undefined,
  ): { readonly stream: StandaloneStream; readonly answer: Answer; readonly end: () => void } {
    const subject = context.principal?.subject ?? '';
    this.#admit(subject);
    const stream = new StandaloneStream(context);
    const end = (): void => {
      onEnd(stream);
      stream.answer.end();
    };
    this.#open.set(stream, end);
    this.#ofSubject.set(subject, (this.#ofSubject.get(subject) ?? 0) + 1);
    const forget = this.openCalls.add(context, (fault) => {
      context.blockReason = fault;
      end();
    });
    const closed = (): void => {
      forget();
      this.#open.delete(stream);
      const left = (this.#ofSubject.get(subject) ?? 1) - 1;
      if (left === 0) this.#ofSubject.delete(subject);
      else this.#ofSubject.set(subject, left);
      onClose();
    };
    if (response.destroyed) closed();
    else response.once('close', closed);
    return { stream, answer: stream.answer, end };
  }

  #admit(subject: string): void {
    const { maxStreams, maxStreamsPerUser } = this.settings;
    if (this.#open.size >= maxStreams) {
      throw new GatewayError(
        'overloaded',
        `The gateway has ${maxStreams} streams open (MCP_MAX_STREAMS)`,
        'streams',
        5,
      );
    }
    if ((this.#ofSubject.get(subject) ?? 0) >= maxStreamsPerUser) {
      const text = `You have ${maxStreamsPerUser} streams open (MCP_MAX_STREAMS_PER_USER); close one`;
      throw new GatewayError('too_many_requests', text, 'streams', 5);
    }
  }
}
