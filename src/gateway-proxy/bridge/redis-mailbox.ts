import type { Sealer } from '#libs/sealing';
import type { Redis } from 'ioredis';
import { Mailbox, MailboxUnavailableError } from './mailbox.js';

/** For all replicas. Messages are sealed: people are asked for things that are nobody else's business. */
export class RedisMailbox extends Mailbox {
  /** @param lifeMs for how long messages are kept of which nothing else is said, milliseconds */
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly lifeMs: number,
    private readonly sealer: Sealer,
  ) {
    super();
  }

  async put(address: string, message: string, lifeMs = this.lifeMs): Promise<void> {
    try {
      await this.redis.set(this.#keyOf(address), this.sealer.seal(message, [address]), 'PX', lifeMs);
    } catch (error) {
      throw new MailboxUnavailableError(error);
    }
  }

  async take(address: string): Promise<string | undefined> {
    try {
      const sealed = await this.redis.getdel(this.#keyOf(address));
      return sealed === null ? undefined : this.sealer.open(sealed, [address]).toString('utf8');
    } catch (error) {
      throw new MailboxUnavailableError(error);
    }
  }

  #keyOf(address: string): string {
    return `${this.prefix}mcp-mail:${address}`;
  }
}
