import { Global, Module } from '@nestjs/common';
import { RedisConnections } from '../redis/redis-connections.js';
import { Counters } from './counters.js';
import { MemoryCounters } from './memory-counters.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RedisCounters } from './redis-counters.js';

@Global()
@Module({
  providers: [
    {
      provide: Counters,
      inject: [RedisConnections],
      useFactory: ({ commands, prefix }: RedisConnections): Counters =>
        commands ? new RedisCounters(commands, prefix) : new MemoryCounters(),
    },
    RateLimitStorage,
  ],
  exports: [Counters, RateLimitStorage],
})
export class LimitsModule {}
