import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { redisOptions } from './redis-options.js';
import { RedisSettings } from './redis.settings.js';

/** `off` where none is used. */
export type RedisState = 'off' | 'up' | 'down';

/** The two connections of this replica: one for commands, and one that only listens, as Redis wants it. */
@Injectable()
export class RedisConnections implements OnModuleInit, OnApplicationShutdown {
  readonly #log = new Logger(RedisConnections.name);
  /** Both undefined where no Redis is used. */
  readonly commands: Redis | undefined;
  readonly subscription: Redis | undefined;
  readonly prefix: string;

  constructor(settings: RedisSettings) {
    this.prefix = settings.prefix;
    const options = redisOptions(settings);
    if (!options) return;
    this.commands = this.#client(options, 'commands');
    // What was subscribed is subscribed anew by whoever has to know when.
    this.subscription = this.#client({ ...options, autoResubscribe: false }, 'subscription');
  }

  get state(): RedisState {
    if (!this.commands) return 'off';
    return this.commands.status === 'ready' ? 'up' : 'down';
  }

  /** Without Redis the gateway starts all the same, in the mode that it has while Redis is away. */
  async onModuleInit(): Promise<void> {
    await Promise.allSettled([this.commands?.connect(), this.subscription?.connect()]);
  }

  onApplicationShutdown(): void {
    this.commands?.disconnect();
    this.subscription?.disconnect();
  }

  #client(options: RedisOptions, name: string): Redis {
    const client = new Redis({ ...options, connectionName: `portcullis-${name}` });
    let reported = false;
    client.on('ready', () => {
      reported = false;
      this.#log.log({ message: 'connected to Redis', connection: name });
    });
    // Once for each outage, and the text alone: the error carries the command, which may carry a password.
    client.on('error', ({ message }: Error) => {
      if (!reported) this.#log.error({ message: 'Redis cannot be reached', connection: name, reason: message });
      reported = true;
    });
    return client;
  }
}
