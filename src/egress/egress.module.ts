import { AddressPolicy, Egress } from '#libs/egress';
import { ChannelCarrier, SSE_SCHEMES, SseOpener, STDIO, StdioOpener } from '#libs/mcp';
import { Global, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EgressSettings } from './egress.settings.js';
import { readAuthorities } from './read-authorities.js';
import { StdioSettings } from './stdio.settings.js';

/** The largest message that is taken from an upstream over what is no HTTP exchange of its own, bytes. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Of servers of 2024-11-05: more sessions of one than the gate keeps there for itself and for those of its clients. */
const SSE_LIMITS = { most: 10_000, mostPerUpstream: 1000, idleMs: 600_000 };

/** The one way out, for everyone who has to go out. */
@Global()
@Module({
  providers: [{ provide: Egress, inject: [EgressSettings, StdioSettings], useFactory: openEgress }],
  exports: [Egress],
})
export class EgressModule implements OnApplicationShutdown {
  constructor(private readonly egress: Egress) {}

  async onApplicationShutdown(): Promise<void> {
    // Calls had their grace before; nobody is left to take an answer.
    await this.egress.close(0);
  }
}

function openEgress(settings: EgressSettings, stdio: StdioSettings): Egress {
  const { allowLocalhost, allowPrivate, allowedNetworks, blockedNetworks, blockedHosts } = settings;
  return new Egress({
    policy: new AddressPolicy({
      allowLoopback: allowLocalhost,
      allowPrivate,
      allowedNetworks,
      blockedNetworks,
      blockedHosts,
    }),
    connectTimeoutMs: settings.connectTimeoutMs,
    connectionsPerOrigin: settings.connectionsPerOrigin,
    rejectUnauthorized: !settings.skipSslVerify,
    carriers: (egress) => ({
      [STDIO]: stdioCarrier(stdio),
      ...Object.fromEntries(SSE_SCHEMES.map((scheme) => [scheme, sseCarrier(egress)])),
    }),
    ...(settings.caFile !== undefined && { ca: readAuthorities(settings.caFile) }),
  });
}

function stdioCarrier(settings: StdioSettings): ChannelCarrier {
  const { enabled, allowedCommands, workingDirectory, maxProcesses, maxPerGateway, idleSeconds } = settings;
  const logger = new Logger('stdio');
  const opener = new StdioOpener({
    enabled,
    allowedCommands,
    workingDirectory,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    log: (command, said) => logger.debug({ message: 'a process wrote to its standard error', command, said }),
  });
  return new ChannelCarrier(opener, {
    most: maxProcesses,
    mostPerUpstream: maxPerGateway,
    idleMs: idleSeconds * 1000,
  });
}

const sseCarrier = (egress: Egress): ChannelCarrier =>
  new ChannelCarrier(new SseOpener(egress, MAX_MESSAGE_BYTES), SSE_LIMITS);
