import { splice } from '../splice.js';
import { spanAt } from './span-at.js';

/** The message with another text as the `requestState` of its params or result; the message itself where there is none. */
export function withRequestState(
  message: Buffer,
  within: 'params' | 'result',
  change: (state: string) => string,
): Buffer {
  const span = spanAt(message, [within, 'requestState']);
  const state: unknown = span && JSON.parse(message.toString('utf8', span.start, span.end));
  if (!span || typeof state !== 'string') return message;
  return splice(message, [{ span, bytes: Buffer.from(JSON.stringify(change(state))) }]);
}
