import { Global, Module } from '@nestjs/common';
import { Counters } from './counters.js';
import { MemoryCounters } from './memory-counters.js';

@Global()
@Module({
  providers: [{ provide: Counters, useFactory: () => new MemoryCounters() }],
  exports: [Counters],
})
export class LimitsModule {}
