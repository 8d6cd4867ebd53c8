import { type Egress, EgressError } from '#libs/egress';
import { isJsonObject, type JsonObject, parseBounded } from '#libs/mcp';
import { ModerationError } from './moderation-provider.js';

/** Bytes; no verdict is longer. */
const MOST_BYTES = 256 * 1024;
const DEEPEST = 32;

export interface ProviderCall {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** Seconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Posts JSON to a provider. Redirects are not followed.
 * @throws ModerationError for anything but JSON with the status 200
 */
export async function askProvider(name: string, egress: Egress, call: ProviderCall): Promise<JsonObject> {
  const { url, headers, body, timeout, signal } = call;
  try {
    const answer = await egress.request(new URL(url), {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify(body),
      timeoutMs: Math.round(timeout * 1000),
      maxBytes: MOST_BYTES,
      ...(signal && { signal }),
    });
    if (answer.status !== 200) throw new ModerationError(`${name} answered with the status ${answer.status}`);
    const parsed = parseBounded(answer.body, DEEPEST);
    if (typeof parsed === 'string' || !isJsonObject(parsed.value)) throw unreadable(name);
    return parsed.value;
  } catch (error) {
    if (error instanceof EgressError) throw new ModerationError(`${name} can't be asked: ${error.reason}`);
    throw error;
  }
}

export const unreadable = (name: string): ModerationError => new ModerationError(`${name} gave no verdict`);

/** A score that a provider gave. @throws ModerationError for what is no number of 0 to `most` */
export function scoreOf(name: string, value: unknown, most = 1): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= most)) throw unreadable(name);
  return value;
}
