import type { Sealer } from '#libs/sealing';
import type { Redis } from 'ioredis';
import { EventLog, type LoggedEvent, type LoggedPart, MOST_BYTES, MOST_EVENTS } from './event-log.js';

/** Adds an event and lets go of the oldest beyond the bounds. The number of bytes stands beside the events. */
const ADD = `
redis.call('XADD', KEYS[1], ARGV[1] .. '-1', ARGV[2], ARGV[3])
local bytes = redis.call('INCRBY', KEYS[2], string.len(ARGV[3]))
while bytes > tonumber(ARGV[5]) or redis.call('XLEN', KEYS[1]) > tonumber(ARGV[4]) do
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  if not oldest then break end
  redis.call('XDEL', KEYS[1], oldest[1])
  bytes = redis.call('DECRBY', KEYS[2], string.len(oldest[2][2]))
end
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return true`;

/** For all replicas: one Redis stream for each stream. What it holds is sealed: it is what tools answered. */
export class RedisEventLog extends EventLog {
  /** @param lifeMs how long a stream is kept after its last event */
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly lifeMs: number,
    private readonly sealer: Sealer,
  ) {
    super();
  }

  begin(stream: string): void {
    this.#add(stream, 0, 'begin', '');
  }

  add(stream: string, { at, message }: LoggedEvent): void {
    this.#add(stream, at, 'message', this.sealer.seal(message, [stream, String(at)]));
  }

  end(stream: string, at: number): void {
    this.#add(stream, at, 'end', '1');
  }

  async after(stream: string, after: number): Promise<LoggedPart | undefined> {
    try {
      const [found, ended] = await this.#read(stream, after);
      return found && { events: found, ended };
    } catch {
      return undefined;
    }
  }

  async #read(stream: string, after: number): Promise<readonly [readonly LoggedEvent[] | undefined, boolean]> {
    const entries = await this.redis.xrange(this.#keyOf(stream), `${after}-1`, '+');
    const parts = entries.map(([id, [kind = '', text = '']]) => ({ at: Number(id.split('-')[0]), kind, text }));
    // When that one is gone, so may be some that came after it.
    if (parts[0]?.at !== after) return [undefined, false];
    const events = parts
      .filter(({ at, kind }) => at > after && kind === 'message')
      .map(({ at, text }) => ({ at, message: this.sealer.open(text, [stream, String(at)]).toString('utf8') }));
    return [events, parts.some(({ kind }) => kind === 'end')];
  }

  #add(stream: string, at: number, kind: string, text: string): void {
    const key = this.#keyOf(stream);
    this.redis
      .eval(ADD, 2, key, `${key}:bytes`, at, kind, text, MOST_EVENTS, MOST_BYTES, this.lifeMs)
      // What can't be kept can't be resumed.
      .catch(() => undefined);
  }

  #keyOf(stream: string): string {
    return `${this.prefix}mcp-events:${stream}`;
  }
}
