import type { Sealer } from '#libs/sealing';
import type { Redis } from 'ioredis';
import { StreamQueues, StreamQueuesUnavailableError, MOST_WAITING } from './stream-queues.js';

/** The queue is there while its first key is, which counts the bytes in it. */
const KEEP = `
redis.call('SETNX', KEYS[1], 0)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return true`;
const PUT = `
local bytes = redis.call('GET', KEYS[1])
if not bytes or tonumber(bytes) > tonumber(ARGV[2]) then return 0 end
redis.call('INCRBY', KEYS[1], string.len(ARGV[3]))
redis.call('RPUSH', KEYS[2], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 1`;
const TAKE = `
local messages = redis.call('LRANGE', KEYS[2], 0, -1)
redis.call('DEL', KEYS[2])
if #messages > 0 then redis.call('SET', KEYS[1], 0, 'XX', 'KEEPTTL') end
return messages`;

/** For all replicas. What waits is sealed: it is what tools answered. */
export class RedisStreamQueues extends StreamQueues {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly lifeMs: number,
    private readonly sealer: Sealer,
  ) {
    super();
  }

  async keep(id: string): Promise<void> {
    await this.#run(KEEP, id, this.lifeMs);
  }

  async isKept(id: string): Promise<boolean> {
    return (await asked(this.redis.exists(this.#keyOf(id)))) === 1;
  }

  async put(id: string, message: Buffer): Promise<boolean> {
    return (await this.#run(PUT, id, this.lifeMs, MOST_WAITING, this.sealer.seal(message, [id]))) === 1;
  }

  async take(id: string): Promise<readonly Buffer[]> {
    const sealed = await this.#run(TAKE, id);
    return Array.isArray(sealed) ? sealed.map((message) => this.sealer.open(String(message), [id])) : [];
  }

  async close(id: string): Promise<void> {
    await asked(this.redis.del(this.#keyOf(id), this.#listOf(id)));
  }

  #run(script: string, id: string, ...values: (string | number)[]): Promise<unknown> {
    return asked(this.redis.eval(script, 2, this.#keyOf(id), this.#listOf(id), ...values));
  }

  #keyOf(id: string): string {
    return `${this.prefix}mcp-stream:${id}`;
  }

  #listOf(id: string): string {
    return `${this.#keyOf(id)}:messages`;
  }
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new StreamQueuesUnavailableError(error);
  }
}
