import { Module } from '@nestjs/common';
import { PluginsModule } from '../plugins/plugins.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { Circuits } from './federation/circuits.js';
import { Retries } from './federation/retries.js';
import { ToolLimits } from './federation/tool-limits.js';
import { UpstreamCalls } from './federation/upstream-calls.js';
import { CallWatch } from './forward/call-watch.js';
import { CallsInFlight } from './forward/calls-in-flight.js';
import { Forwarder } from './forward/forwarder.js';
import { BatchService } from './gate/batch.service.js';
import { DecidedCalls } from './gate/decided-calls.js';
import { GateService } from './gate/gate.service.js';
import { ListCursors } from './gate/list-cursors.js';
import { ListPages } from './gate/list-pages.js';
import { MethodPermissions } from './gate/method-permissions.js';
import { KeptAnswers } from './kept/kept-answers.js';
import { KeptPrompts } from './kept/kept-prompts.js';
import { KeptResources } from './kept/kept-resources.js';
import { KeptTools } from './kept/kept-tools.js';
import { McpController } from './mcp.controller.js';
import { OpenCalls } from './forward/open-calls.js';
import { CatalogueCrawls } from './notifications/catalogue-crawls.js';
import { ListChanges } from './notifications/list-changes.js';
import { ListWatches } from './notifications/list-watches.js';
import { ListenCalls } from './notifications/listen-calls.js';
import { ResourceUpdates } from './notifications/resource-updates.js';
import { SessionNotices } from './notifications/session-notices.js';
import { SubscribeCalls } from './notifications/subscribe-calls.js';
import { UpstreamStreams } from './notifications/upstream-streams.js';
import { PromptFinder } from './rest/prompt-finder.js';
import { PromptRenderController } from './rest/prompt-render.controller.js';
import { ResourceContentController } from './rest/resource-content.controller.js';
import { RestCalls } from './rest/rest-calls.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { McpSessionHandles } from './sessions/mcp-session-handles.js';
import { McpSessionStore } from './sessions/mcp-session-store.js';
import { McpSessionSettings } from './sessions/mcp-session.settings.js';
import { McpSessions } from './sessions/mcp-sessions.js';
import { MemoryMcpSessionStore } from './sessions/memory-mcp-session-store.js';
import { RedisMcpSessionStore } from './sessions/redis-mcp-session-store.js';
import { SessionCalls } from './sessions/session-calls.js';
import { SessionDoor } from './sessions/session-door.js';
import { ServerRequests } from './sessions/server-requests.js';
import { KeyRing, Sealer } from '#libs/sealing';
import { VaultSettings } from '../vault/vault.settings.js';
import { GivenAnswers } from './bridge/given-answers.js';
import { InputRounds } from './bridge/input-rounds.js';
import { MemoryGivenAnswers } from './bridge/memory-given-answers.js';
import { RedisGivenAnswers } from './bridge/redis-given-answers.js';
import { GateSettings } from './gate.settings.js';
import { EventLog } from './resumption/event-log.js';
import { MemoryEventLog } from './resumption/memory-event-log.js';
import { RedisEventLog } from './resumption/redis-event-log.js';
import { ResumedStreams } from './resumption/resumed-streams.js';
import { SessionUpstreams } from './sessions/session-upstreams.js';
import { SessionStreams } from './sessions/session-streams.js';
import { StandaloneStreams } from './sessions/standalone-streams.js';
import { UpstreamSessions } from './forward/upstream-sessions.js';

const HOUR_MS = 3_600_000;

@Module({
  imports: [PluginsModule, RegistryModule],
  controllers: [McpController, PromptRenderController, ResourceContentController],
  providers: [
    BatchService,
    CallWatch,
    CallsInFlight,
    CatalogueCrawls,
    Circuits,
    DecidedCalls,
    Forwarder,
    GateService,
    KeptAnswers,
    KeptPrompts,
    KeptResources,
    KeptTools,
    ListChanges,
    ListCursors,
    ListenCalls,
    ListPages,
    ListWatches,
    McpSessionHandles,
    McpSessions,
    MethodPermissions,
    ResourceUpdates,
    SessionCalls,
    SessionDoor,
    ServerRequests,
    SessionNotices,
    SessionStreams,
    SessionUpstreams,
    ResumedStreams,
    InputRounds,
    {
      provide: GivenAnswers,
      inject: [RedisConnections, GateSettings, VaultSettings],
      useFactory: ({ commands, prefix }: RedisConnections, { callMaxSeconds }: GateSettings, vault: VaultSettings) => {
        const lifeMs = callMaxSeconds * 1000;
        if (!commands) return new MemoryGivenAnswers(lifeMs);
        const keys = KeyRing.fromSecret(vault.encryptionSecret.reveal(), 'mcp-answers');
        return new RedisGivenAnswers(commands, prefix, lifeMs, new Sealer(keys));
      },
    },
    {
      provide: EventLog,
      inject: [RedisConnections, McpSessionSettings, VaultSettings],
      useFactory: (
        { commands, prefix }: RedisConnections,
        { messageSeconds }: McpSessionSettings,
        vault: VaultSettings,
      ) => {
        const lifeMs = messageSeconds * 1000;
        if (!commands) return new MemoryEventLog(lifeMs);
        const keys = KeyRing.fromSecret(vault.encryptionSecret.reveal(), 'mcp-events');
        return new RedisEventLog(commands, prefix, lifeMs, new Sealer(keys));
      },
    },
    StandaloneStreams,
    SubscribeCalls,
    {
      provide: McpSessionStore,
      inject: [RedisConnections, McpSessionSettings],
      useFactory: ({ commands, prefix }: RedisConnections, { maxHours }: McpSessionSettings): McpSessionStore =>
        commands
          ? new RedisMcpSessionStore(commands, prefix, maxHours * HOUR_MS)
          : new MemoryMcpSessionStore(maxHours * HOUR_MS),
    },
    OpenCalls,
    PromptFinder,
    RestCalls,
    Retries,
    ToolLimits,
    UpstreamCalls,
    UpstreamSessions,
    UpstreamStreams,
  ],
})
export class GatewayProxyModule {}
