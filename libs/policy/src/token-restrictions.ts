import { BlockList, isIP } from 'node:net';
import { expandPermissions, type Permission } from './permissions.js';

export const TIME_RULES = ['business_hours_only', 'weekdays_only'] as const;
export type TimeRule = (typeof TIME_RULES)[number];

/** What a token itself allows, compiled once; absent members restrict nothing. */
export interface TokenRestrictions {
  readonly serverId?: string;
  readonly permissions?: ReadonlySet<Permission>;
  readonly networks?: BlockList;
  readonly timeRules: readonly TimeRule[];
}

export const UNRESTRICTED: TokenRestrictions = Object.freeze({ timeRules: Object.freeze([]) });

/** Restrictions as claims and rows write them. */
export interface WrittenRestrictions {
  readonly serverId: string | null;
  /** Patterns as `expandPermissions` knows them; none means no cap. */
  readonly permissions: readonly string[];
  /** Addresses and CIDR blocks; none means from anywhere. */
  readonly ipRestrictions: readonly string[];
  readonly timeRules: readonly string[];
}

/**
 * Compiles what is written; patterns that match nothing grant nothing.
 * @throws RangeError that names the network or time rule this build can't enforce
 */
export function compileRestrictions(written: WrittenRestrictions): TokenRestrictions {
  const { serverId, permissions, ipRestrictions, timeRules } = written;
  return {
    timeRules: timeRules.map(knownTimeRule),
    ...(serverId !== null && { serverId }),
    ...(permissions.length > 0 && { permissions: expandPermissions(permissions) }),
    ...(ipRestrictions.length > 0 && { networks: compileNetworks(ipRestrictions) }),
  };
}

/** What a call is, as far as a token's own restrictions care. */
export interface TokenUse {
  readonly serverId: string | undefined;
  readonly clientAddress: string;
  readonly now: Date;
}

/** Why the token does not allow this use, or undefined when it does. */
export function restrictionRefusal(restrictions: TokenRestrictions, use: TokenUse): string | undefined {
  if (restrictions.serverId !== undefined && restrictions.serverId !== use.serverId) return 'token_server_scope';
  if (restrictions.networks && !contains(restrictions.networks, use.clientAddress)) return 'token_address_scope';
  if (!restrictions.timeRules.every((rule) => holdsAt(rule, use.now))) return 'token_time_scope';
  return undefined;
}

/** Compiles addresses and CIDR blocks; throws a RangeError that names the bad one. */
export function compileNetworks(entries: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix, ...rest] = entry.split('/');
    // A zone names an interface of one machine; isIP takes it, a rule can't.
    const version = address.includes('%') ? 0 : isIP(address);
    const longest = version === 4 ? 32 : 128;
    const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (version === 0 || rest.length > 0 || bits < 0 || bits > longest) {
      throw new RangeError(`"${entry}" is not an IP address or CIDR block`);
    }
    networks.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
  }
  return networks;
}

function contains(networks: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && networks.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** A restriction this build doesn't know must not be read as none. */
function knownTimeRule(rule: string): TimeRule {
  const known = TIME_RULES.find((name) => name === rule);
  if (known === undefined) throw new RangeError(`"${rule}" is not a time restriction`);
  return known;
}

/** Business hours are 09:00–17:00 UTC, weekdays Monday to Friday UTC, as the contract has them. */
function holdsAt(rule: TimeRule, now: Date): boolean {
  switch (rule) {
    case 'weekdays_only':
      return now.getUTCDay() >= 1 && now.getUTCDay() <= 5;
    case 'business_hours_only':
      return now.getUTCHours() >= 9 && now.getUTCHours() < 17;
    default:
      return false;
  }
}
