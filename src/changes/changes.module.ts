import { Global, Module } from '@nestjs/common';
import { RedisConnections } from '../redis/redis-connections.js';
import { ChangeBus, InProcessChangeBus } from './change-bus.js';
import { RedisChangeBus } from './redis-change-bus.js';

@Global()
@Module({
  providers: [
    {
      provide: ChangeBus,
      inject: [RedisConnections],
      useFactory: ({ commands, subscription, prefix }: RedisConnections): ChangeBus =>
        commands && subscription ? new RedisChangeBus(commands, subscription, prefix) : new InProcessChangeBus(),
    },
  ],
  exports: [ChangeBus],
})
export class ChangesModule {}
