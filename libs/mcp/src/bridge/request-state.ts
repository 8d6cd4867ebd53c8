import { type JsonScan, scanJson, type Span } from '../json-scan.js';
import { splice } from '../splice.js';
import { objectMembers } from './object-members.js';

const STATE = 'requestState';
/** Of a retry (2026-07-28, `InputResponseRequestParams`). */
const OF_A_RETRY: readonly string[] = ['inputResponses', STATE];
// Depth was bounded when the message came in.
const MAX_DEPTH = 1000;

/** The message with another text as the `requestState` of its params or result; the message itself where there is none. */
export function withRequestState(
  message: Buffer,
  within: 'params' | 'result',
  change: (state: string) => string,
): Buffer {
  return changed(message, within, (members) =>
    members.map(({ key, bytes }) => {
      const { [STATE]: state } = key === STATE ? (JSON.parse(`{${bytes.toString('utf8')}}`) as Members) : {};
      return typeof state === 'string' ? Buffer.from(`"${STATE}":${JSON.stringify(change(state))}`) : bytes;
    }),
  );
}

/** The request without what was added to it for a retry. */
export function withoutInput(request: Buffer): Buffer {
  return changed(request, 'params', (members) =>
    members.filter(({ key }) => !OF_A_RETRY.includes(key)).map(({ bytes }) => bytes),
  );
}

/** Whether the request is a retry. */
export function isRetry(params: object | undefined): boolean {
  return params !== undefined && OF_A_RETRY.some((key) => key in params);
}

interface Members {
  readonly [STATE]?: unknown;
}

function changed(
  message: Buffer,
  within: 'params' | 'result',
  change: (members: ReturnType<typeof objectMembers>) => Buffer[],
): Buffer {
  const scan: JsonScan | string = scanJson(message, MAX_DEPTH);
  const span: Span | undefined = typeof scan === 'string' ? undefined : scan[within];
  if (!span) return message;
  const members = change(objectMembers(message.subarray(span.start, span.end)));
  const parts = members.flatMap((member, index) => (index === 0 ? [member] : [Buffer.from(','), member]));
  return splice(message, [{ span, bytes: Buffer.concat([Buffer.from('{'), ...parts, Buffer.from('}')]) }]);
}
