import { type DynamicModule, Module } from '@nestjs/common';
import { Drain } from './drain.js';

@Module({})
export class HttpModule {
  /** @param drain the one that the edge, which is older than the application, looks at */
  static forRoot(drain: Drain): DynamicModule {
    return { module: HttpModule, global: true, providers: [{ provide: Drain, useValue: drain }], exports: [Drain] };
  }
}
