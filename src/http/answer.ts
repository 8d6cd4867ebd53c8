import type { ServerResponse } from 'node:http';

/** An answer that writes itself: what a controller returns when bytes or streams must not go through a serialiser. */
export abstract class Answer {
  abstract send(response: ServerResponse): void;
}

/** A whole body in one write. */
export class BytesAnswer extends Answer {
  constructor(
    readonly status: number,
    readonly body: Buffer,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super();
  }

  send(response: ServerResponse): void {
    // setHeader's map, not writeHead's list: the edge has set headers before.
    for (const name in this.headers) response.setHeader(name, this.headers[name] ?? '');
    if (this.body.length > 0) response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Length', this.body.length);
    response.statusCode = this.status;
    response.end(this.body);
  }
}

/** Thrown instead of returned, by guards: an error whose answer is already made. */
export class AnsweredError extends Error {
  constructor(
    readonly answer: BytesAnswer,
    /** For the usage log. */
    readonly reason: string,
  ) {
    super(reason);
    this.name = 'AnsweredError';
  }
}
