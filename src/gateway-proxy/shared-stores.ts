import { Sealer } from '#libs/sealing';
import type { Provider } from '@nestjs/common';
import { RedisConnections } from '../redis/redis-connections.js';
import { VaultSettings } from '../vault/vault.settings.js';
import { Mailbox } from './bridge/mailbox.js';
import { MemoryMailbox } from './bridge/memory-mailbox.js';
import { RedisMailbox } from './bridge/redis-mailbox.js';
import { GateSettings } from './gate.settings.js';
import { EventLog } from './resumption/event-log.js';
import { MemoryEventLog } from './resumption/memory-event-log.js';
import { RedisEventLog } from './resumption/redis-event-log.js';
import { McpSessionStore } from './sessions/mcp-session-store.js';
import { McpSessionSettings } from './sessions/mcp-session.settings.js';
import { MemoryMcpSessionStore } from './sessions/memory-mcp-session-store.js';
import { RedisMcpSessionStore } from './sessions/redis-mcp-session-store.js';
import { MemoryStreamQueues } from './sse/memory-stream-queues.js';
import { RedisStreamQueues } from './sse/redis-stream-queues.js';
import { QUEUE_LIFE_MS, StreamQueues } from './sse/stream-queues.js';

const HOUR_MS = 3_600_000;

const sealer = (vault: VaultSettings, purpose: string): Sealer => new Sealer(vault.keyRing(purpose));

/** What replicas have to share of MCP: in Redis where there is one, else in the memory of the only replica. */
export const SHARED_STORES: Provider[] = [
  {
    provide: McpSessionStore,
    inject: [RedisConnections, McpSessionSettings],
    useFactory: ({ commands, prefix }: RedisConnections, { maxHours }: McpSessionSettings): McpSessionStore => {
      const lifeMs = maxHours * HOUR_MS;
      return commands ? new RedisMcpSessionStore(commands, prefix, lifeMs) : new MemoryMcpSessionStore(lifeMs);
    },
  },
  {
    provide: EventLog,
    inject: [RedisConnections, McpSessionSettings, VaultSettings],
    useFactory: (redis: RedisConnections, { messageSeconds }: McpSessionSettings, vault: VaultSettings): EventLog => {
      const lifeMs = messageSeconds * 1000;
      if (!redis.commands) return new MemoryEventLog(lifeMs);
      return new RedisEventLog(redis.commands, redis.prefix, lifeMs, sealer(vault, 'mcp-events'));
    },
  },
  {
    provide: Mailbox,
    inject: [RedisConnections, GateSettings, VaultSettings],
    useFactory: (redis: RedisConnections, { callMaxSeconds }: GateSettings, vault: VaultSettings): Mailbox => {
      const lifeMs = callMaxSeconds * 1000;
      if (!redis.commands) return new MemoryMailbox(lifeMs);
      return new RedisMailbox(redis.commands, redis.prefix, lifeMs, sealer(vault, 'mcp-mail'));
    },
  },
  {
    provide: StreamQueues,
    inject: [RedisConnections, VaultSettings],
    useFactory: ({ commands, prefix }: RedisConnections, vault: VaultSettings): StreamQueues =>
      commands
        ? new RedisStreamQueues(commands, prefix, QUEUE_LIFE_MS, sealer(vault, 'mcp-streams'))
        : new MemoryStreamQueues(QUEUE_LIFE_MS),
  },
];
