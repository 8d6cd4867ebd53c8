import { Injectable, Logger } from '@nestjs/common';
import { CredentialSettings } from '../../auth/credentials/credential.settings.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { fieldFault } from '../rows/field-fault.js';
import { IdentitySettings } from '../identity/identity.settings.js';
import { GlobalPassthrough } from './global-passthrough.js';
import { passthroughFault, UPSTREAM_AUTHORIZATION } from './passthrough-names.js';
import { PassthroughSettings } from './passthrough.settings.js';

type Listing = Pick<GatewayEntity, 'id' | 'authType' | 'passthroughHeaders'>;

/** @param credential the names, in lower case, of the headers that prove to the upstream who we are */
type Compile = (gateway: Listing, credential: ReadonlySet<string>) => readonly string[];

const NONE: readonly string[] = Object.freeze([]);
const MOST_REPORTED = 10_000;

/** Which request headers of callers go on to which upstream. */
@Injectable()
export class PassthroughHeaders {
  readonly #log = new Logger(PassthroughHeaders.name);
  readonly #reported = new Set<string>();
  readonly #identity: string;

  constructor(
    private readonly shared: GlobalPassthrough,
    private readonly settings: PassthroughSettings,
    { proxyUserHeader }: CredentialSettings,
    private readonly propagation: IdentitySettings,
  ) {
    this.#identity = proxyUserHeader.toLowerCase();
  }

  /** Whether anything is passed on at all. */
  get enabled(): boolean {
    return this.settings.enabled;
  }

  /** @throws GatewayError 422 for the header by which a proxy names callers here; the other rules are those of the body */
  demandHarmless(names: readonly string[], field = 'passthroughHeaders'): void {
    const identity = names.find((name) => name.toLowerCase() === this.#identity);
    if (identity !== undefined) throw fieldFault(field, `${field} has "${identity}", by which a proxy names callers`);
  }

  /** The list for all gateways without one of their own. */
  async global(): Promise<readonly string[]> {
    return (await this.shared.read()) ?? this.settings.defaults;
  }

  /** Works out for each gateway what is passed on to it, in lower case; always nothing while the feature is off. */
  async compiler(): Promise<Compile> {
    if (!this.settings.enabled) return () => NONE;
    const shared = await this.global();
    return (gateway, credential) => {
      const names = new Set((gateway.passthroughHeaders ?? shared).map((name) => name.toLowerCase()));
      return [...names].filter((name) => this.#passes(gateway, name, credential));
    };
  }

  /** What was stored is judged again: the rules or the settings may have become stricter since. */
  #passes(gateway: Listing, name: string, credential: ReadonlySet<string>): boolean {
    const refused = passthroughFault(name) !== undefined || name === this.#identity || this.propagation.reserves(name);
    if (refused) return this.#skip(gateway, name, 'is refused');
    if (name === UPSTREAM_AUTHORIZATION) {
      const ownWish = gateway.passthroughHeaders !== null && gateway.authType === 'none';
      return ownWish || this.#skip(gateway, name, 'is for gateways that list it and have no credential');
    }
    if (credential.has(name)) return this.#skip(gateway, name, 'is part of the credential');
    return name !== 'accept' || this.settings.overwrite || this.#skip(gateway, name, 'is a header of the protocol');
  }

  /** Said once: a gateway is compiled anew with every change of the registry. */
  #skip({ id: gatewayId }: Listing, header: string, because: string): false {
    const key = `${gatewayId} ${header}`;
    if (!this.#reported.has(key) && this.#reported.size < MOST_REPORTED) {
      this.#reported.add(key);
      this.#log.warn({ message: 'a header of callers is not passed on', gatewayId, header, because });
    }
    return false;
  }
}
