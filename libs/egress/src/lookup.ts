import { lookup } from 'node:dns/promises';

/** Finds all addresses of a host name. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/** Asks the operating system, so that /etc/hosts and search domains count. */
export const systemLookup: Lookup = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);
