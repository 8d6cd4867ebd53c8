import { type DynamicModule, Module } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { PluginChains } from './chain/plugin-chains.js';
import { PluginFactory } from './config/plugin-factory.js';
import { PluginLoader } from './config/plugin-loader.js';
import { GuardrailInterceptor } from './guardrail.interceptor.js';
import { PluginEvents } from './plugin-events.js';
import { PluginServices } from './plugin-services.js';

@Module({})
export class PluginsModule {
  /** @param environment what `{{ env.NAME }}` in the file of plugins reads */
  static forRoot(environment: Environment): DynamicModule {
    return {
      module: PluginsModule,
      global: true,
      providers: [
        { provide: Environment, useValue: environment },
        GuardrailInterceptor,
        PluginChains,
        PluginEvents,
        PluginFactory,
        PluginLoader,
        PluginServices,
      ],
      exports: [GuardrailInterceptor, PluginChains, PluginEvents],
    };
  }
}
