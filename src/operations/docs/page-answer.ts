import type { ServerResponse } from 'node:http';
import { Answer } from '../../http/answer.js';

/** A page or one of its parts. */
export class PageAnswer extends Answer {
  constructor(
    private readonly body: Buffer,
    private readonly headers: Readonly<Record<string, string>>,
  ) {
    super();
  }

  send(response: ServerResponse): void {
    response.writeHead(200, { ...this.headers, 'Content-Length': this.body.length }).end(this.body);
  }
}
