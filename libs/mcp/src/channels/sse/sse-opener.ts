import { type Destination, type Egress, EgressError } from '#libs/egress';
import { headerText } from '../../upstream/upstream-http.js';
import { isStream } from '../../upstream/upstream-stream.js';
import { type ChannelHeaders, type ChannelListener, type ChannelOpener, ChannelRefusal } from '../message-channel.js';
import { SseChannel } from './sse-channel.js';
import { plainUrl } from './sse-url.js';

/** How long a server may take to begin its stream, and then to name its endpoint, milliseconds. */
const BEGIN_MS = 10_000;
const NOT_FOUND = 404;

/** Opens the event streams of servers of 2024-11-05, by the one way out like everything else. */
export class SseOpener implements ChannelOpener {
  constructor(
    private readonly egress: Egress,
    private readonly maxMessageBytes: number,
  ) {}

  check(url: URL): void {
    this.egress.check(plainUrl(url));
  }

  async open(
    { url, tls }: Destination,
    headers: ChannelHeaders,
    listener: ChannelListener,
    signal: AbortSignal,
  ): Promise<SseChannel> {
    const to = { url: plainUrl(url), tls };
    const { 'content-type': _type, ...rest } = headers;
    const asked = { ...rest, accept: 'text/event-stream' };
    const answer = await this.egress.stream(to, {
      method: 'GET',
      headers: asked,
      headersTimeoutMs: BEGIN_MS,
      signal,
    });
    if (!isStream(answer)) {
      answer.body.on('error', () => undefined).destroy();
      const { status } = answer;
      // Whatever else is there, it is no such server.
      throw new ChannelRefusal(status >= 400 ? status : NOT_FOUND, headerText(answer.headers, 'www-authenticate'));
    }
    const channel = new SseChannel(this.egress, to, answer.body, listener, this.maxMessageBytes);
    const late = setTimeout(
      () => answer.body.destroy(new EgressError('timeout', 'The server names no endpoint')),
      BEGIN_MS,
    );
    try {
      await channel.ready;
      return channel;
    } finally {
      clearTimeout(late);
    }
  }
}
