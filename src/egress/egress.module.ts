import { AddressPolicy, Egress } from '#libs/egress';
import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EgressSettings } from './egress.settings.js';
import { readAuthorities } from './read-authorities.js';

/** The one way out, for everyone who has to go out. */
@Global()
@Module({ providers: [{ provide: Egress, inject: [EgressSettings], useFactory: openEgress }], exports: [Egress] })
export class EgressModule implements OnApplicationShutdown {
  constructor(private readonly egress: Egress) {}

  async onApplicationShutdown(): Promise<void> {
    // Calls had their grace before; nobody is left to take an answer.
    await this.egress.close(0);
  }
}

function openEgress(settings: EgressSettings): Egress {
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
    ...(settings.caFile !== undefined && { ca: readAuthorities(settings.caFile) }),
  });
}
