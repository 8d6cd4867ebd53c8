import { type DynamicModule, Module } from '@nestjs/common';
import { Environment } from './environment.js';
import { loadSettings } from './load-settings.js';
import type { AnySettings } from './settings.js';

/** Makes every settings class injectable everywhere, validated once. */
@Module({})
export class SettingsModule {
  static forRoot(classes: readonly AnySettings[], environment: Environment): DynamicModule {
    const loaded = [...loadSettings(classes, environment)].map(([provide, useValue]) => ({ provide, useValue }));
    // For the variables whose names are themselves a setting.
    const providers = [...loaded, { provide: Environment, useValue: environment }];
    return { module: SettingsModule, global: true, providers, exports: providers };
  }
}
