import { Module } from '@nestjs/common';
import { ApiDescription } from './docs/api-description.js';
import { DocsController } from './docs/docs.controller.js';
import { HealthController } from './health.controller.js';
import { VersionController } from './version.controller.js';

@Module({ controllers: [DocsController, HealthController, VersionController], providers: [ApiDescription] })
export class OperationsModule {}
