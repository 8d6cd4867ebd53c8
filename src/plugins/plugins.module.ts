import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Environment } from '../config/environment.js';
import { PluginBindingController } from './bindings/plugin-binding.controller.js';
import { PluginBindings } from './bindings/plugin-bindings.js';
import { PluginChains } from './chain/plugin-chains.js';
import { PluginFactory } from './config/plugin-factory.js';
import { PluginLoader } from './config/plugin-loader.js';
import { PluginSet } from './config/plugin-set.js';
import { PluginEventController } from './events/plugin-event.controller.js';
import { PluginEventRepository } from './events/plugin-event.repository.js';
import { PluginEventRetention } from './events/plugin-event-retention.js';
import { PluginEventWriter } from './events/plugin-event-writer.js';
import { PluginEvents } from './events/plugin-events.js';
import { GuardrailInterceptor } from './guardrail.interceptor.js';
import { HttpHooks } from './http/http-hooks.js';
import { IntegrityAlerts } from './integrity/integrity-alerts.js';
import { StoredToolLedger } from './integrity/stored-tool-ledger.js';
import { ToolApprovals } from './integrity/tool-approvals.js';
import { ToolIntegrityController } from './integrity/tool-integrity.controller.js';
import { UntrustedTools } from './integrity/untrusted-tools.js';
import { ToolLedger } from './integrity/tool-ledger.js';
import { PluginAdminController } from './management/plugin-admin.controller.js';
import { PluginCatalogue } from './management/plugin-catalogue.js';
import { PluginControls } from './management/plugin-controls.js';
import { PluginController } from './management/plugin.controller.js';
import { CatalogScanner } from '../registry/scan/catalog-scanner.js';
import { PLUGIN_ENTITIES } from './plugin.entities.js';
import { PluginServices } from './plugin-services.js';
import { PluginCatalogScanner } from './scan/plugin-catalog-scanner.js';

@Module({})
export class PluginsModule {
  /** @param environment what `{{ env.NAME }}` in the file of plugins reads */
  static forRoot(environment: Environment): DynamicModule {
    return {
      module: PluginsModule,
      global: true,
      imports: [TypeOrmModule.forFeature([...PLUGIN_ENTITIES])],
      controllers: [
        PluginBindingController,
        PluginController,
        PluginAdminController,
        PluginEventController,
        ToolIntegrityController,
      ],
      providers: [
        { provide: Environment, useValue: environment },
        GuardrailInterceptor,
        HttpHooks,
        IntegrityAlerts,
        PluginBindings,
        PluginCatalogue,
        PluginChains,
        PluginControls,
        PluginEventRepository,
        PluginEventRetention,
        PluginEvents,
        PluginEventWriter,
        PluginFactory,
        PluginLoader,
        PluginServices,
        PluginSet,
        StoredToolLedger,
        ToolApprovals,
        UntrustedTools,
        { provide: ToolLedger, useExisting: StoredToolLedger },
        { provide: CatalogScanner, useClass: PluginCatalogScanner },
      ],
      exports: [CatalogScanner, GuardrailInterceptor, HttpHooks, PluginChains, PluginEvents, UntrustedTools],
    };
  }
}
