import { isLogLevel, type LogLevel } from '#libs/mcp';
import type { Redis } from 'ioredis';
import { type McpSessionState, NO_STATE, type Opening } from './mcp-session.js';
import { McpSessionStore, McpSessionStoreUnavailableError } from './mcp-session-store.js';

/** Every write of a field: not to what has ended, and the session is in use. */
const WRITE = `
if redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return false end
local function used()
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  local time = redis.call('TIME')
  redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[2])
end
`;
const SET = `${WRITE} redis.call('HSET', KEYS[1], ARGV[3], ARGV[4]) used() return true`;
const SETTLE = `${WRITE} used() return redis.call('HSETNX', KEYS[1], ARGV[3], ARGV[4])`;
const KEEP = `${WRITE} redis.call('HSETNX', KEYS[1], ARGV[3], ARGV[4]) used() return redis.call('HGET', KEYS[1], ARGV[3])`;
/** One more field with the same first four characters, unless there are as many as there may be. */
const ADD = `${WRITE}
if redis.call('HEXISTS', KEYS[1], ARGV[3]) == 1 then return 1 end
local count = 0
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 4) == string.sub(ARGV[3], 1, 4) then count = count + 1 end
end
if count >= tonumber(ARGV[5]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[3], ARGV[4]) used() return 1`;
const DROP = `
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end return true`;
const END = `
local held = redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'ended', '1')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[2])
return held`;
const TOUCH = `
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], 'XX', time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1]) return true`;
const TAKE_IDLE = `
local time = redis.call('TIME')
local before = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[1])
local idle = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', before, 'LIMIT', 0, 100)
if #idle > 0 then redis.call('ZREM', KEYS[1], unpack(idle)) end
return idle`;

/** For all replicas. One hash a session, and one sorted set of when they were used, by the clock of Redis alone. */
export class RedisMcpSessionStore extends McpSessionStore {
  readonly #used: string;

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly lifeMs: number,
  ) {
    super();
    this.#used = `${prefix}mcp-sessions`;
  }

  async read(id: string): Promise<McpSessionState | 'ended'> {
    const held = await this.#ask(() => this.redis.hgetall(this.#keyOf(id)));
    return held['ended'] === undefined ? stateOf(Object.entries(held)) : 'ended';
  }

  async settle(id: string, opening: Opening): Promise<boolean> {
    return (await this.#write(SETTLE, id, 'opening', JSON.stringify(opening))) === 1;
  }

  async setLogLevel(id: string, level: LogLevel): Promise<void> {
    await this.#write(SET, id, 'level', level);
  }

  async subscribe(id: string, uri: string, most: number): Promise<boolean> {
    return (await this.#write(ADD, id, `sub:${uri}`, '1', String(most))) === 1;
  }

  async unsubscribe(id: string, uri: string): Promise<void> {
    await this.#ask(() => this.redis.hdel(this.#keyOf(id), `sub:${uri}`));
  }

  async keepUpstream(id: string, upstream: string, handshake: string): Promise<string> {
    const kept = await this.#write(KEEP, id, `up:${upstream}`, handshake);
    return typeof kept === 'string' ? kept : handshake;
  }

  async dropUpstream(id: string, upstream: string, handshake: string): Promise<void> {
    await this.#ask(() => this.redis.eval(DROP, 1, this.#keyOf(id), `up:${upstream}`, handshake));
  }

  async keepTask(id: string, task: string, handle: string, most: number): Promise<boolean> {
    return (await this.#write(ADD, id, `tsk:${task}`, handle, String(most))) === 1;
  }

  async end(id: string): Promise<McpSessionState> {
    const held = await this.#ask(() => this.redis.eval(END, 2, this.#keyOf(id), this.#used, this.lifeMs, id));
    const fields = Array.isArray(held) ? held.map(String) : [];
    return stateOf(fields.flatMap((field, at) => (at % 2 === 0 ? [[field, fields[at + 1] ?? ''] as const] : [])));
  }

  async touch(id: string): Promise<void> {
    await this.#ask(() => this.redis.eval(TOUCH, 1, this.#used, id));
  }

  async takeIdle(idleMs: number): Promise<readonly string[]> {
    const idle = await this.#ask(() => this.redis.eval(TAKE_IDLE, 1, this.#used, idleMs));
    return Array.isArray(idle) ? idle.map(String) : [];
  }

  #write(script: string, id: string, ...args: readonly string[]): Promise<unknown> {
    return this.#ask(() => this.redis.eval(script, 2, this.#keyOf(id), this.#used, this.lifeMs, id, ...args));
  }

  #keyOf(id: string): string {
    return `${this.prefix}mcp-session:${id}`;
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      throw new McpSessionStoreUnavailableError(error);
    }
  }
}

function stateOf(fields: Iterable<readonly [string, string]>): McpSessionState {
  let { logLevel, opening } = NO_STATE;
  const subscriptions: string[] = [];
  const upstreams = new Map<string, string>();
  const tasks = new Map<string, string>();
  for (const [field, value] of fields) {
    if (field === 'level' && isLogLevel(value)) logLevel = value;
    else if (field === 'opening') opening = JSON.parse(value) as Opening;
    else if (field.startsWith('sub:')) subscriptions.push(field.slice('sub:'.length));
    else if (field.startsWith('up:')) upstreams.set(field.slice('up:'.length), value);
    else if (field.startsWith('tsk:')) tasks.set(field.slice('tsk:'.length), value);
  }
  return { logLevel, subscriptions, upstreams, tasks, opening };
}
