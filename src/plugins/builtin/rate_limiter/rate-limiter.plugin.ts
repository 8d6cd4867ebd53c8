import type { RedisOptions } from 'ioredis';
import { sourceNetwork } from '../../../limits/source-network.js';
import { parseRedisUrl } from '../../../redis/redis-url.js';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { CallFacts, PluginContext } from '../../plugin-context.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import type { PluginServices } from '../../plugin-services.js';
import { type Limit, type LimitStore, LimitsUnavailableError, type Standing } from './limit-store.js';
import { MemoryLimits } from './memory-limits.js';
import { type Rate, rateOf } from './rate.js';
import { RateLimiterSettings } from './rate-limiter.settings.js';
import { RedisLimits } from './redis-limits.js';

type Said = { readonly violation: Violation } | undefined;

const UNAVAILABLE: Violation = {
  reason: 'Rate limit unknown',
  description: 'Calls cannot be counted for now',
  code: 'RATE_LIMIT_UNAVAILABLE',
  httpStatus: 503,
  httpHeaders: { 'Retry-After': '1' },
};

/** Lets so many calls through in a time, of each caller, of each team and for each tool. */
class RateLimiter extends Plugin {
  readonly hooks: HookHandlers = {
    prompt_pre_fetch: ({ promptId }, context) => this.#judge(promptId, context),
    tool_pre_invoke: ({ name }, context) => this.#judge(name, context),
    resource_pre_fetch: ({ uri }, context) => this.#judge(uri, context),
  };
  readonly #byUser: Rate | undefined;
  readonly #byUserPerServer: Rate | undefined;
  readonly #byTenant: Rate | undefined;
  readonly #byTool: ReadonlyMap<string, Rate>;

  constructor(
    private readonly settings: RateLimiterSettings,
    private readonly store: LimitStore,
    /** Counts while the store can't be reached. */
    private readonly fallback: LimitStore | undefined,
  ) {
    super();
    this.#byUser = rateOf(settings.by_user);
    this.#byUserPerServer = rateOf(settings.by_user_per_server);
    this.#byTenant = rateOf(settings.by_tenant);
    const rates = Object.entries(settings.by_tool ?? {}).map(([name, text]) => [name, rateOf(text)] as const);
    this.#byTool = new Map(rates.flatMap(([name, rate]) => (rate ? [[name, rate]] : [])));
  }

  #judge(name: string, { facts }: PluginContext): Said | Promise<Said> {
    const limits = this.#limits(name, facts);
    if (limits.length === 0) return undefined;
    try {
      const standings = this.store.take(limits);
      if (!(standings instanceof Promise)) return judged(limits, standings);
      return standings.then(
        (known) => judged(limits, known),
        (error: unknown) => this.#uncounted(limits, error),
      );
    } catch (error) {
      return this.#uncounted(limits, error);
    }
  }

  async #uncounted(limits: readonly Limit[], error: unknown): Promise<Said> {
    if (!(error instanceof LimitsUnavailableError)) throw error;
    if (this.fallback && this.fallback !== this.store) {
      const standings = await Promise.resolve(limits)
        .then((all) => this.fallback?.take(all))
        .catch(() => undefined);
      if (standings) return judged(limits, standings);
    }
    return this.settings.fail_mode === 'open' ? undefined : { violation: UNAVAILABLE };
  }

  #limits(name: string, { user, tenantId = 'default', clientAddress, target }: CallFacts): readonly Limit[] {
    // Nobody is many people: they are told apart by where they come from.
    const who = user === 'anonymous' ? `anonymous ${sourceNetwork(clientAddress)}` : user;
    const tool = [target?.name, name, target?.id].find((known) => known !== undefined && this.#byTool.has(known));
    const key = (...parts: readonly string[]): string => JSON.stringify([tenantId, ...parts]);
    const limits: (Limit | false | undefined)[] = [
      this.#byUser && { ...this.#byUser, key: key('user', who) },
      this.#byUserPerServer && { ...this.#byUserPerServer, key: key('server', who, target?.gateway?.id ?? '') },
      this.#byTenant && { ...this.#byTenant, key: key('tenant') },
      tool !== undefined && { ...rateFor(this.#byTool, tool), key: key('tool', who, target?.id ?? name) },
    ];
    return limits.filter((limit) => limit !== undefined && limit !== false);
  }
}

function rateFor(rates: ReadonlyMap<string, Rate>, name: string): Rate {
  const rate = rates.get(name);
  if (!rate) throw new RangeError('a name that was found has its rate');
  return rate;
}

/** Of several limits without room the caller is told the one that has room last. */
function judged(limits: readonly Limit[], standings: readonly Standing[]): Said {
  const full = standings.map((standing, index) => ({ ...standing, limit: limits[index]?.limit ?? 0 }));
  const [last] = full.filter(({ free }) => free < 1).toSorted((a, b) => b.waitMs - a.waitMs);
  return last && { violation: exceeded(last.limit, Math.max(1, Math.ceil(last.waitMs / 1000))) };
}

const exceeded = (limit: number, seconds: number): Violation => ({
  reason: 'Rate limit exceeded',
  description: 'Rate limit exceeded',
  code: 'RATE_LIMIT',
  details: { limited: true, remaining: 0, reset_in: seconds },
  httpStatus: 429,
  httpHeaders: {
    'Retry-After': String(seconds),
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(Math.ceil(Date.now() / 1000) + seconds),
  },
});

/** @throws PluginConfigError where the shared counts are wanted elsewhere than in the gateway's own Redis */
function storeOf(settings: RateLimiterSettings, { redis }: PluginServices, name: string): LimitStore {
  const { backend, algorithm, redis_url, redis_key_prefix, redis_fallback } = settings;
  if (backend === 'memory') return new MemoryLimits(algorithm);
  if (!redis.commands) {
    if (redis_fallback) return new MemoryLimits(algorithm);
    throw new PluginConfigError(['backend is redis, which needs REDIS_URL: the Redis of the gateway is used']);
  }
  if (redis_url != null && !isAt(redis_url, redis.commands.options))
    throw new PluginConfigError([
      'redis_url is not the Redis of the gateway (REDIS_URL), which is the one that is used',
    ]);
  // Two limiters count for themselves, also where they are configured alike.
  return new RedisLimits(redis.commands, `${redis.prefix}${redis_key_prefix}:${name}`, algorithm);
}

function isAt(url: string, at: Pick<RedisOptions, 'host' | 'port' | 'db'>): boolean {
  try {
    const { host, port, database } = parseRedisUrl(url);
    return host === at.host && port === at.port && database === (at.db ?? 0);
  } catch (error) {
    throw new PluginConfigError([`redis_url ${(error as Error).message}`]);
  }
}

export const rateLimiter: PluginDefinition<RateLimiterSettings> = {
  name: 'rate_limiter',
  kinds: [
    'plugins.rate_limiter.rate_limiter.RateLimiterPlugin',
    'cpex_rate_limiter.rate_limiter.RateLimiterPlugin',
    'cpex_rate_limiter.RateLimiterPlugin',
  ],
  description: 'Lets so many calls through in a time, of each caller, of each team and for each tool.',
  hooks: ['prompt_pre_fetch', 'tool_pre_invoke'],
  optionalHooks: ['resource_pre_fetch'],
  settings: RateLimiterSettings,
  priority: 20,
  security: true,
  create: (settings, services, name) =>
    new RateLimiter(
      settings,
      storeOf(settings, services, name),
      settings.redis_fallback ? new MemoryLimits(settings.algorithm) : undefined,
    ),
};
