import { canonicalHost } from '#libs/egress';
import ipaddr from 'ipaddr.js';
import { unescaped } from './unescaped.js';

/** The one spelling of a host of a URL: an IPv4 address in any disguise is dotted decimals. Undefined for what is no host. */
export function hostOf(hostname: string): string | undefined {
  // Only the schemes of the web have their hosts unescaped by the parser of URLs.
  const host = canonicalHost(unescaped(hostname).replaceAll(/^\[|\]$|\.+$/g, ''));
  return host?.includes(':') === true && ipaddr.isValid(host) ? ipaddr.process(host).toString() : host;
}

/** Domains with all that is below them. */
export class DomainSet {
  readonly #domains: ReadonlySet<string>;

  /** @param domains of which each is a host: {@link hostOf} knows it */
  constructor(domains: readonly string[]) {
    this.#domains = new Set(domains.flatMap((domain) => hostOf(withoutStar(domain)) ?? []));
  }

  get isEmpty(): boolean {
    return this.#domains.size === 0;
  }

  /** The domain of the set that the host is, or is below. @param host as {@link hostOf} spells it */
  find(host: string): string | undefined {
    for (let at = 0; at >= 0 && at < host.length; at = host.indexOf('.', at) + 1) {
      const domain = host.slice(at);
      if (this.#domains.has(domain)) return domain;
      if (!domain.includes('.')) return undefined;
    }
    return undefined;
  }
}

/** `*.example.com` and `.example.com` mean the same as `example.com`. */
export const withoutStar = (domain: string): string => domain.trim().replace(/^\*?\./, '');
