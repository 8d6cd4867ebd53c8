import type { Change } from './change-bus.js';

type Kind = Change['kind'];
type Fields<K extends Kind> = Exclude<keyof Extract<Change, { kind: K }>, 'kind'>;

/** The kinds of change that travel, and the texts that each carries. */
const KINDS: { readonly [K in Kind]: readonly Fields<K>[] } = {
  token_revoked: ['jti'],
  token_changed: ['jti'],
  user_changed: ['userId'],
  session_ended: ['sessionId'],
  roles_changed: [],
  registry_changed: [],
  oauth_tokens_changed: ['gatewayId', 'userId'],
  policies_changed: [],
  plugins_changed: [],
  mcp_session_changed: ['mcpSessionId'],
  mail_put: ['address'],
  signing_keys_changed: [],
  signing_key_revoked: ['kid'],
  anything_changed: [],
};

/** What one replica tells the others. `tick` says that it has told all it had to tell. */
export type ReplicaMessage =
  | { readonly from: string; readonly says: 'tick' | 'bye' }
  | { readonly from: string; readonly says: 'changes'; readonly changes: readonly Change[] };

/** Most changes in one message. */
export const MOST_CHANGES = 100;
/** Longest message, characters. */
const LONGEST = 65_536;
const ORIGIN = /^[\w-]{1,64}$/;
const LONGEST_TEXT = 255;

export function writeMessage(message: ReplicaMessage): string {
  return JSON.stringify(message);
}

/** Undefined for what is no message; a change that is not understood may be anything. */
export function readMessage(text: string): ReplicaMessage | undefined {
  const message = text.length > LONGEST ? undefined : parsed(text);
  if (!isRecord(message)) return undefined;
  const { from, says, changes } = message;
  if (typeof from !== 'string' || !ORIGIN.test(from)) return undefined;
  if (says === 'tick' || says === 'bye') return { from, says };
  if (says !== 'changes' || !Array.isArray(changes) || changes.length > MOST_CHANGES) return undefined;
  return { from, says, changes: changes.map(readChange) };
}

/** A newer replica may know of more kinds than this one. */
function readChange(written: unknown): Change {
  const anything: Change = { kind: 'anything_changed' };
  if (!isRecord(written) || typeof written['kind'] !== 'string' || !Object.hasOwn(KINDS, written['kind'])) {
    return anything;
  }
  const kind = written['kind'] as Kind;
  const change: Record<string, string> = { kind };
  for (const field of KINDS[kind]) {
    const text = written[field];
    if (typeof text !== 'string' || text === '' || text.length > LONGEST_TEXT) return anything;
    change[field] = text;
  }
  const same = Object.keys(change).length === Object.keys(written).length;
  return same ? (change as Change) : anything;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
