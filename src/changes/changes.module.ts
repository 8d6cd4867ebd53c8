import { Global, Module } from '@nestjs/common';
import { ChangeBus, InProcessChangeBus } from './change-bus.js';

@Global()
@Module({ providers: [{ provide: ChangeBus, useClass: InProcessChangeBus }], exports: [ChangeBus] })
export class ChangesModule {}
