import { FieldRules } from '#libs/fields';
import { type DynamicModule, Module } from '@nestjs/common';
import { Drain } from './drain.js';
import { ValidationSettings } from './fields/validation.settings.js';

@Module({})
export class HttpModule {
  /** @param drain the one that the edge, which is older than the application, looks at */
  static forRoot(drain: Drain): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      providers: [
        { provide: Drain, useValue: drain },
        {
          provide: FieldRules,
          inject: [ValidationSettings],
          useFactory: (settings: ValidationSettings) => new FieldRules(settings),
        },
      ],
      exports: [Drain, FieldRules],
    };
  }
}
