import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type Algorithm, type Limit, type LimitStore, LimitsUnavailableError, type Standing } from './limit-store.js';
import { SLOTS } from './memory-accounts.js';

/** `look` says how many are free, how long to wait otherwise, and what `take` has to know. */
const STEPS: Readonly<Record<Algorithm, string>> = {
  fixed_window: `
local function look(key, limit, window)
  local left = redis.call('PTTL', key)
  return limit - tonumber(redis.call('GET', key) or '0'), left < 0 and window or left, left
end
local function take(key, limit, window, left)
  redis.call('INCR', key)
  if left < 0 then redis.call('PEXPIRE', key, window) end
end`,
  sliding_window: `
local function look(key, limit, window)
  local size = window / ${SLOTS}
  local slots = redis.call('HGETALL', key)
  local used, oldest, gone = 0, math.huge, {}
  for i = 1, #slots, 2 do
    local leaves = (tonumber(slots[i]) + 1) * size + window
    if leaves <= now then
      gone[#gone + 1] = slots[i]
    else
      used = used + tonumber(slots[i + 1])
      oldest = math.min(oldest, leaves)
    end
  end
  return limit - used, used > 0 and oldest - now or 0, gone
end
local function take(key, limit, window, gone)
  local size = window / ${SLOTS}
  if #gone > 0 then redis.call('HDEL', key, unpack(gone)) end
  redis.call('HINCRBY', key, string.format('%.0f', math.floor(now / size)), 1)
  redis.call('PEXPIRE', key, window + math.ceil(size))
end`,
  token_bucket: `
local function look(key, limit, window)
  local was = redis.call('HMGET', key, 'tokens', 'at')
  local tokens = tonumber(was[1] or limit) + math.max(0, now - tonumber(was[2] or now)) * limit / window
  tokens = math.min(limit, tokens)
  return math.floor(tokens + 1e-9), math.max(0, math.ceil((1 - tokens) * window / limit)), tokens
end
local function take(key, limit, window, tokens)
  redis.call('HSET', key, 'tokens', string.format('%.17g', tokens - 1), 'at', string.format('%.0f', now))
  redis.call('PEXPIRE', key, window)
end`,
};

/** Looks at every limit before it takes from any; Redis runs nothing in between. */
const script = (algorithm: Algorithm): string => `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
${STEPS[algorithm]}
local all, said, states = true, {}, {}
for i, key in ipairs(KEYS) do
  local free, wait, state = look(key, tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i]))
  all = all and free >= 1
  states[i] = state
  said[2 * i - 1], said[2 * i] = math.max(0, free), math.ceil(wait)
end
if all then
  for i, key in ipairs(KEYS) do
    take(key, tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i]), states[i])
  end
end
return said`;

/** Counts that all replicas share, by the clock of Redis. What a key says of people does not leave the gateway. */
export class RedisLimits implements LimitStore {
  readonly #script: string;
  readonly #sha: string;

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly algorithm: Algorithm,
  ) {
    this.#script = script(algorithm);
    this.#sha = createHash('sha1').update(this.#script).digest('hex');
  }

  async take(limits: readonly Limit[]): Promise<readonly Standing[]> {
    const keys = limits.map(({ key }) => this.#named(key));
    const said = await this.#run([...keys, ...limits.flatMap(({ limit, windowMs }) => [limit, windowMs])], keys.length);
    if (!Array.isArray(said) || said.length !== 2 * limits.length) throw new LimitsUnavailableError();
    return limits.map((_, index) => ({ free: Number(said[2 * index]), waitMs: Number(said[2 * index + 1]) }));
  }

  async #run(given: readonly (string | number)[], keys: number): Promise<unknown> {
    try {
      return await this.redis.evalsha(this.#sha, keys, ...given).catch((error: unknown) => {
        // Redis has been started anew: nothing was run.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return this.redis.eval(this.#script, keys, ...given);
      });
    } catch (error) {
      throw new LimitsUnavailableError({ cause: error });
    }
  }

  /** Counts of another algorithm are of another kind. */
  #named(key: string): string {
    return `${this.prefix}:${this.algorithm}:${createHash('sha256').update(key).digest('base64url')}`;
  }
}
