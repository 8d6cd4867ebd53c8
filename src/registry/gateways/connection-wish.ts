import { stdioCommand, stdioUrl } from '#libs/mcp';
import { fieldFault } from '../rows/field-fault.js';
import { type Credential, MASK } from './credential.js';
import { credentialFrom, wishesCredential } from './credential-wish.js';
import type { CreateGatewayDto, UpdateGatewayDto } from './dto/gateway-wish.dto.js';
import type { EraPin, GatewayEntity, Transport } from './gateway.entity.js';
import { NO_TRUST, type Trust } from './trust/trust.js';
import { TRUST_FIELDS, trustFrom, wishesTrust } from './trust/trust-wish.js';
import { shownUrl } from './upstream-url.js';
import { variablesFrom } from './variables.js';

/** How an upstream is reached. */
export interface Connection {
  readonly url: string;
  readonly transport: Transport;
  readonly era: EraPin;
  readonly credential: Credential;
  readonly trust: Trust;
}

type Wish = Partial<CreateGatewayDto>;

const OF_PROCESSES = ['command', 'args', 'env'] as const;
const OF_SERVERS = [
  'url',
  'authType',
  'authUsername',
  'authPassword',
  'authToken',
  'authHeaders',
  'authHeaderKey',
  'authHeaderValue',
  'oauthConfig',
  'passthroughHeaders',
  'propagateIdentity',
  ...TRUST_FIELDS,
] as const;
/** Characters of the column. */
const LONGEST_URL = 2048;

/** @throws GatewayError 422 naming the field that is missing, or that belongs to another transport */
export function wishedConnection(wish: CreateGatewayDto): Connection {
  const { transport = 'STREAMABLEHTTP', era = 'auto' } = wish;
  refuseStray(wish, transport);
  if (transport === 'STDIO') {
    if (wish.command === undefined) throw fieldFault('command', 'command is required with transport STDIO', 'missing');
    return {
      url: processUrl(wish.command, wish.args ?? []),
      transport,
      era,
      credential: variablesFrom(wish.env ?? {}),
      trust: NO_TRUST,
    };
  }
  const { href } = new URL(wish.url);
  return { url: href, transport, era, credential: credentialFrom(wish), trust: trustFrom(wish, href) };
}

/**
 * Undefined when the upstream is reached as before.
 * @param stored what was sealed; undefined when it can't be opened: then it has to be given again
 * @param storedTrust the same with what is trusted, and the key
 */
export async function changedConnection(
  gateway: GatewayEntity,
  wish: UpdateGatewayDto,
  stored: () => Promise<Credential | undefined>,
  storedTrust: () => Promise<Trust | undefined>,
): Promise<Connection | undefined> {
  const { transport = gateway.transport, era = gateway.era } = wish;
  if ((transport === 'STDIO') !== (gateway.transport === 'STDIO')) {
    throw fieldFault('transport', 'transport: a process and a server are different gateways; register another');
  }
  refuseStray(wish, transport);
  const url = transport === 'STDIO' ? changedProcess(gateway, wish) : changedUrl(wish.url, gateway.url);
  const fresh = wish.env !== undefined || wishesCredential(wish, gateway.authType) || wishesTrust(wish);
  if (url === gateway.url && transport === gateway.transport && era === gateway.era && !fresh) return undefined;
  // Whoever may change the address must not thereby have a secret sent to them that they were never shown.
  const stays = staysInPlace(gateway.url, url);
  const before = stays ? await stored() : undefined;
  // Nor may what was trusted there be trusted here.
  const trusted = stays ? await storedTrust() : undefined;
  const credential =
    transport === 'STDIO' ? changedVariables(gateway, wish, before) : credentialFrom(wish, before, gateway.authType);
  const trust = transport === 'STDIO' ? NO_TRUST : trustFrom(wish, url, trusted);
  return { url, transport, era, credential, trust };
}

function refuseStray(wish: Wish, transport: Transport): void {
  const stray = (transport === 'STDIO' ? OF_SERVERS : OF_PROCESSES).find((field) => wish[field] !== undefined);
  if (stray) throw fieldFault(stray, `${stray} does not belong to transport ${transport}`);
}

function changedProcess({ url }: GatewayEntity, wish: UpdateGatewayDto): string {
  const { command, args } = stdioCommand(new URL(url));
  return processUrl(wish.command ?? command, wish.args ?? args);
}

function changedVariables({ authType }: GatewayEntity, { env }: UpdateGatewayDto, before?: Credential): Credential {
  if (env !== undefined) return variablesFrom(env, before);
  if (!before && authType === 'env') throw fieldFault('env', 'env is required with another command', 'missing');
  return before ?? variablesFrom({});
}

function processUrl(command: string, args: readonly string[]): string {
  const { href } = stdioUrl({ command, args });
  if (href.length > LONGEST_URL) throw fieldFault('args', `command and args are longer than ${LONGEST_URL} characters`);
  return href;
}

/** @throws GatewayError 422 for a URL that was shown, then changed, with its masks left in */
function changedUrl(wished: string | undefined, stored: string): string {
  if (wished === undefined || wished === shownUrl(stored)) return stored;
  if (wished.includes(`=${MASK}`)) throw fieldFault('url', 'url holds a mask: give the values of its query again');
  return new URL(wished).href;
}

/** Whether secrets may go on to the second URL. */
export const staysInPlace = (before: string, after: string): boolean => placeOf(before) === placeOf(after);

/** Where a secret goes: to an origin, or to a command with its arguments. */
function placeOf(url: string): string {
  const { origin, href } = new URL(url);
  return origin === 'null' ? href : origin;
}
