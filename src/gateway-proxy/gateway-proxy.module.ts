import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { InputRounds } from './bridge/input-rounds.js';
import { Mail } from './bridge/mail.js';
import { ParkedCalls } from './bridge/parked-calls.js';
import { RequestStates } from './bridge/request-states.js';
import { Circuits } from './federation/circuits.js';
import { Retries } from './federation/retries.js';
import { ToolLimits } from './federation/tool-limits.js';
import { UpstreamCalls } from './federation/upstream-calls.js';
import { Attempts } from './forward/attempts.js';
import { AuthorizedCalls } from './oauth/authorized-calls.js';
import { ConnectAnswers } from './oauth/connect-answers.js';
import { CallWatch } from './forward/call-watch.js';
import { CallsInFlight } from './forward/calls-in-flight.js';
import { Forwarder } from './forward/forwarder.js';
import { OpenCalls } from './forward/open-calls.js';
import { SideStreams } from './forward/side-streams.js';
import { UpstreamSessions } from './forward/upstream-sessions.js';
import { BatchService } from './gate/batch.service.js';
import { DecidedCalls } from './gate/decided-calls.js';
import { GateService } from './gate/gate.service.js';
import { ListCursors } from './gate/list-cursors.js';
import { ListPages } from './gate/list-pages.js';
import { MethodPermissions } from './gate/method-permissions.js';
import { CallerIdentities } from './identity/caller-identities.js';
import { KeptAnswers } from './kept/kept-answers.js';
import { KeptPrompts } from './kept/kept-prompts.js';
import { KeptResources } from './kept/kept-resources.js';
import { KeptTools } from './kept/kept-tools.js';
import { McpController } from './mcp.controller.js';
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
import { ResumedStreams } from './resumption/resumed-streams.js';
import { GatewayList } from './rpc/gateway-list.js';
import { ToolIndexes } from './search/tool-indexes.js';
import { ToolSearch } from './search/tool-search.js';
import { McpSessionHandles } from './sessions/mcp-session-handles.js';
import { McpSessions } from './sessions/mcp-sessions.js';
import { ServerRequests } from './sessions/server-requests.js';
import { SessionCalls } from './sessions/session-calls.js';
import { SessionDoor } from './sessions/session-door.js';
import { SessionStreams } from './sessions/session-streams.js';
import { SessionUpstreams } from './sessions/session-upstreams.js';
import { StandaloneStreams } from './sessions/standalone-streams.js';
import { SHARED_STORES } from './shared-stores.js';
import { TaskAccess } from './tasks/task-access.js';
import { TaskCalls } from './tasks/task-calls.js';
import { TaskHandles } from './tasks/task-handles.js';
import { TaskList } from './tasks/task-list.js';
import { TaskWatches } from './tasks/task-watches.js';
import { Tasks } from './tasks/tasks.service.js';
import { ServedViews } from './served-views.js';
import { SseCalls } from './sse/sse-calls.js';
import { SseController } from './sse/sse.controller.js';
import { SseStreams } from './sse/sse-streams.js';

@Module({
  imports: [RegistryModule],
  controllers: [McpController, SseController, PromptRenderController, ResourceContentController],
  providers: [
    ...SHARED_STORES,
    Attempts,
    CallerIdentities,
    BatchService,
    CallsInFlight,
    AuthorizedCalls,
    CallWatch,
    ConnectAnswers,
    CatalogueCrawls,
    Circuits,
    DecidedCalls,
    Forwarder,
    GateService,
    GatewayList,
    InputRounds,
    KeptAnswers,
    KeptPrompts,
    KeptResources,
    KeptTools,
    ListChanges,
    ListCursors,
    ListenCalls,
    ListPages,
    ListWatches,
    Mail,
    McpSessionHandles,
    McpSessions,
    MethodPermissions,
    OpenCalls,
    ParkedCalls,
    PromptFinder,
    RequestStates,
    ResourceUpdates,
    RestCalls,
    ResumedStreams,
    Retries,
    ServerRequests,
    SessionCalls,
    SessionDoor,
    SessionNotices,
    SessionStreams,
    SessionUpstreams,
    ServedViews,
    SideStreams,
    SseCalls,
    SseStreams,
    StandaloneStreams,
    SubscribeCalls,
    TaskAccess,
    TaskCalls,
    TaskHandles,
    TaskList,
    Tasks,
    TaskWatches,
    ToolIndexes,
    ToolLimits,
    ToolSearch,
    UpstreamCalls,
    UpstreamSessions,
    UpstreamStreams,
  ],
})
export class GatewayProxyModule {}
