import { Module } from '@nestjs/common';
import { PluginsModule } from '../plugins/plugins.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { CallWatch } from './forward/call-watch.js';
import { CallsInFlight } from './forward/calls-in-flight.js';
import { Forwarder } from './forward/forwarder.js';
import { BatchService } from './gate/batch.service.js';
import { GateService } from './gate/gate.service.js';
import { ListCursors } from './gate/list-cursors.js';
import { ListPages } from './gate/list-pages.js';
import { KeptAnswers } from './kept/kept-answers.js';
import { KeptTools } from './kept/kept-tools.js';
import { McpController } from './mcp.controller.js';
import { OpenCalls } from './forward/open-calls.js';
import { UpstreamSessions } from './forward/upstream-sessions.js';

@Module({
  imports: [PluginsModule, RegistryModule],
  controllers: [McpController],
  providers: [
    BatchService,
    CallWatch,
    CallsInFlight,
    Forwarder,
    GateService,
    KeptAnswers,
    KeptTools,
    ListCursors,
    ListPages,
    OpenCalls,
    UpstreamSessions,
  ],
})
export class GatewayProxyModule {}
