import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength, ValidateBy } from 'class-validator';
import { ALGORITHMS, type Algorithm } from './limit-store.js';
import { RATE_FORM, rateOf } from './rate.js';

const MOST_TOOLS = 10_000;

const IsRate = (): PropertyDecorator =>
  ValidateBy({
    name: 'isRate',
    validator: {
      validate: (value: unknown) => rateOf(value) !== undefined,
      defaultMessage: () => `must be ${RATE_FORM}`,
    },
  });

function tableFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must map tools to rates';
  const entries = Object.entries(value);
  if (entries.length > MOST_TOOLS) return `must not name more than ${MOST_TOOLS} tools`;
  const [name] = entries.find(([, rate]) => rateOf(rate) === undefined) ?? [];
  return name === undefined ? undefined : `has for "${name.slice(0, 100)}" what is not ${RATE_FORM}`;
}

const AreRates = (): PropertyDecorator =>
  ValidateBy({
    name: 'areRates',
    validator: {
      validate: (value: unknown) => tableFault(value) === undefined,
      defaultMessage: (args) => tableFault(args?.value) ?? '',
    },
  });

/** Rates are `30/m`: so many in a second (`s`), a minute (`m`) or an hour (`h`). */
export class RateLimiterSettings {
  /** Of each caller in each team. */
  @IsOptional() @IsRate() by_user?: string | null;
  /** Of each caller at each gateway, or for what the gateway keeps itself. */
  @IsOptional() @IsRate() by_user_per_server?: string | null;
  /** Of all callers of a team together. */
  @IsOptional() @IsRate() by_tenant?: string | null;
  /** Of each caller in each team, by the name of a tool, prompt or resource. */
  @IsOptional() @AreRates() by_tool?: Record<string, string> | null;
  @IsOptional() @IsIn(ALGORITHMS) algorithm: Algorithm = 'fixed_window';
  /** `memory` counts for each replica alone. */
  @IsOptional() @IsIn(['memory', 'redis']) backend: 'memory' | 'redis' = 'memory';
  /** The gateway's own Redis is used; another one is refused. Without effect with `memory`. */
  @IsOptional() @IsString() @MaxLength(2048) redis_url?: string | null;
  /** Goes between the gateway's own prefix and the key. */
  @IsOptional() @Matches(/^[\w.:-]{1,64}$/, { message: 'must be 1 to 64 letters, digits and _.:-' }) redis_key_prefix =
    'rl';
  /** Whether each replica counts by itself while Redis is away, or where the gateway has none. */
  @IsOptional() @IsBoolean() redis_fallback = false;
  /** What becomes of calls that can't be counted. */
  @IsOptional() @IsIn(['open', 'closed']) fail_mode: 'open' | 'closed' = 'closed';
}
