import { isIP } from 'node:net';
import type { AddressRules } from './address-rules.js';
import { canonicalHost } from './canonical-host.js';
import { embeddedIPv4 } from './embedded-ipv4.js';
import { Network } from './network.js';
import { type Address, parseAddress } from './parse-address.js';
import { type SpecialRange, specialRanges } from './special-ranges.js';

const METADATA_HOSTS = ['metadata.google.internal', 'metadata.internal'];

/**
 * Which addresses and hosts may be reached. A refusal is a phrase that completes "the host is …": it names the rule and the
 * setting that changes it, and never the address itself, so that a resolved address does not leak.
 */
export class AddressPolicy {
  readonly #rules: AddressRules;
  readonly #allowed: readonly Network[];
  readonly #blocked: readonly Network[];
  readonly #blockedHosts: readonly string[];

  /** Throws an Error that names the setting and the entry when one is malformed. */
  constructor(rules: AddressRules) {
    this.#rules = rules;
    this.#allowed = parseEach('SSRF_ALLOWED_NETWORKS', rules.allowedNetworks, Network.parse);
    this.#blocked = parseEach('SSRF_BLOCKED_NETWORKS', rules.blockedNetworks, Network.parse);
    this.#blockedHosts = parseEach('SSRF_BLOCKED_HOSTS', rules.blockedHosts, parseHost);
  }

  refusalOfAddress(ip: string): string | undefined {
    const address = parseAddress(ip);
    if (!address) return 'not an IP address';
    const inner = embeddedIPv4(address);
    for (const face of [address, ...inner]) {
      const range = rangeOf(face);
      if (range?.opener === 'never') return `${range.name}, which no setting opens`;
      if (includes(this.#blocked, face)) return 'an address that SSRF_BLOCKED_NETWORKS closes';
    }
    const judged =
      rangeOf(address)?.opener === 'nat64' && inner.length > 0 && !includes(this.#allowed, address) ? inner : [address];
    return judged.map((each) => this.#refusalOfRange(each)).find((refusal) => refusal !== undefined);
  }

  /** Judges a host as a URL names it, before any look-up; an IP literal is judged as an address. */
  refusalOfHost(hostname: string): string | undefined {
    const host = canonicalHost(hostname);
    if (host === undefined) return 'not a valid host name';
    if (METADATA_HOSTS.some((blocked) => isWithin(host, blocked)))
      return 'a cloud metadata host, which no setting opens';
    if (this.#blockedHosts.some((blocked) => isWithin(host, blocked))) return 'a host that SSRF_BLOCKED_HOSTS closes';
    if (isIP(host) !== 0) return this.refusalOfAddress(host);
    if (isWithin(host, 'localhost') && !this.#rules.allowLoopback)
      return 'this machine: set SSRF_ALLOW_LOCALHOST to open it';
    return undefined;
  }

  #refusalOfRange(address: Address): string | undefined {
    const range = rangeOf(address);
    if (!range || includes(this.#allowed, address)) return undefined;
    const what = `${range.name} (${range.network.text})`;
    const howToName = 'its network in SSRF_ALLOWED_NETWORKS to open it';
    switch (range.opener) {
      case 'loopback':
        return this.#rules.allowLoopback ? undefined : `${what}: set SSRF_ALLOW_LOCALHOST, or name ${howToName}`;
      case 'private':
        return this.#rules.allowPrivate ? undefined : `${what}: set SSRF_ALLOW_PRIVATE_NETWORKS, or name ${howToName}`;
      default:
        return `${what}: name ${howToName}`;
    }
  }
}

function rangeOf(address: Address): SpecialRange | undefined {
  return specialRanges.find(({ network }) => network.contains(address));
}

function includes(networks: readonly Network[], address: Address): boolean {
  return networks.some((network) => network.contains(address));
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function parseHost(text: string): string {
  const host = canonicalHost(text.replace(/^\*\./, ''));
  if (host === undefined || host.includes('*')) throw new Error(`"${text}" is not a host name`);
  return host;
}

function parseEach<T>(setting: string, entries: readonly string[], parse: (text: string) => T): T[] {
  return entries.map((entry) => {
    try {
      return parse(entry);
    } catch (error) {
      throw new Error(`${setting}: ${error instanceof Error ? error.message : 'malformed'}`, { cause: error });
    }
  });
}
