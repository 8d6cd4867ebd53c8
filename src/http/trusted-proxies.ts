import { BlockList, isIP } from 'node:net';
import { compileNetworks } from '#libs/policy';
import { list, optional, type Setting } from '../config/setting.js';

const MOST_HOPS = 10;

/** The proxies in front of the gateway whose word about the client counts: a number of them, or their addresses. */
export class TrustedProxies {
  static readonly NONE = new TrustedProxies(0, undefined);

  private constructor(
    /** How many there are; 0 when they are known by address, or none are. */
    readonly hops: number,
    private readonly networks: BlockList | undefined,
  ) {}

  /** @throws Error whose message completes "TRUSTED_PROXIES …" */
  static parse(text: string): TrustedProxies {
    if (/^\d+$/.test(text)) {
      if (Number(text) > MOST_HOPS) throw new Error(`must be at most ${MOST_HOPS} when it is a number of proxies`);
      return new TrustedProxies(Number(text), undefined);
    }
    return new TrustedProxies(0, compileNetworks(BLOCKS.read(text)));
  }

  /** Whether the proxies are known by address, so that one can be told from a stranger. */
  get known(): boolean {
    return this.networks !== undefined;
  }

  /** Whether an address is that of a proxy; never true where only their number is known. */
  has(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.networks?.check(address, version === 4 ? 'ipv4' : 'ipv6') === true;
  }
}

const BLOCKS = list('', [], '', (item) => {
  // Whoever trusts everybody believes every client about its own address.
  if (/\/0+$/.test(item)) return 'trusts everybody';
  try {
    compileNetworks([item]);
  } catch {
    return 'is not an IP address or CIDR block';
  }
  return undefined;
});

export function trustedProxies(env: string, doc: string): Setting<TrustedProxies> {
  return {
    ...optional(env, doc),
    type: 'list of addresses and CIDR blocks, or a number of proxies',
    fallback: TrustedProxies.NONE,
    read: (text) => TrustedProxies.parse(text),
  };
}
