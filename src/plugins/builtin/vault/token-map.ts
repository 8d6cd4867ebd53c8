import { canonicalHost, parseUrl } from '#libs/egress';
import { isJsonObject } from '#libs/mcp';

/** A token of the caller, as its header has it. */
export interface VaultToken {
  /** `system[:scope[:OAUTH2|PAT[:name]]]` */
  readonly key: string;
  readonly secret: string;
  /** The only server that may get it; undefined where the caller named none. */
  readonly server: string | undefined;
}

const LONGEST_HEADER = 65_536;
const MOST_TOKENS = 200;
/** What a header can carry. */
const SECRET = /^[\x21-\x7e][\x20-\x7e]{0,4000}$/;

/** The tokens of the header; undefined for what is none: nothing of it may be used then. */
export function tokensIn(header: string): readonly VaultToken[] | undefined {
  if (header.length > LONGEST_HEADER) return undefined;
  const said = parsed(header);
  // Some clients write the JSON as a text of JSON.
  const map = typeof said === 'string' ? parsed(said) : said;
  if (!isJsonObject(map)) return undefined;
  const tokens = Object.entries(map).map(([key, value]) => tokenOf(key, value));
  const good = tokens.filter((token) => token !== undefined);
  return good.length === tokens.length && tokens.length <= MOST_TOKENS ? good : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tokenOf(key: string, value: unknown): VaultToken | undefined {
  const secret = isJsonObject(value) ? value['secretValue'] : value;
  const server = isJsonObject(value) ? value['mcpServer'] : undefined;
  if (typeof secret !== 'string' || !SECRET.test(secret)) return undefined;
  return server === undefined || typeof server === 'string' ? { key, secret, server } : undefined;
}

/** Whether it is meant for this server: the same origin, and its path or one below. A name alone means any port of it. */
export function isFor({ server }: VaultToken, at: URL): boolean {
  if (server === undefined) return true;
  if (!server.includes('://')) return canonicalHost(server) === canonicalHost(at.hostname.replaceAll(/^\[|\]$/g, ''));
  const url = parseUrl(server);
  if (!url || url.origin !== at.origin) return false;
  const path = url.pathname.replace(/\/$/, '');
  return at.pathname === path || at.pathname.startsWith(`${path}/`);
}

/** What stands behind the system in a key; undefined for a key of another system. */
export function partsOf({ key }: VaultToken, system: string): readonly string[] | undefined {
  const [name, rest] = [key.slice(0, system.length), key.slice(system.length)];
  if (name.toLowerCase() !== system) return undefined;
  if (rest === '') return [];
  return rest.startsWith(':') ? rest.slice(1).split(':') : undefined;
}
