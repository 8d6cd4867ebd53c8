import { Injectable } from '@nestjs/common';
import { EventEmitter, once } from 'node:events';
import { ChangeBus } from '../../changes/change-bus.js';
import { reaching } from '../store-unavailable.js';
import { Mailbox } from './mailbox.js';

const AWAY = 'Messages between replicas cannot be kept at the moment';
/** How often a message is looked for of which nobody told, milliseconds. */
const LOOK_MS = 1000;
/** How long something of a client is kept: whoever waits for it takes it at once, milliseconds. */
export const OF_CLIENT_MS = 10_000;

/** The mailbox of all replicas, and word of what comes into it. */
@Injectable()
export class Mail {
  readonly #told = new EventEmitter().setMaxListeners(0);

  constructor(
    private readonly mailbox: Mailbox,
    private readonly bus: ChangeBus,
  ) {
    bus.subscribe((change) => {
      if (change.kind === 'mail_put') this.#told.emit(change.address);
    });
  }

  /** @throws GatewayError `overloaded` */
  async put(address: string, message: string, lifeMs?: number): Promise<void> {
    await reaching(this.mailbox.put(address, message, lifeMs), AWAY);
    this.bus.publish({ kind: 'mail_put', address });
  }

  /** @throws GatewayError `overloaded` */
  take(address: string): Promise<string | undefined> {
    return reaching(this.mailbox.take(address), AWAY);
  }

  /** Waits for a message; undefined when the signal came first. @throws GatewayError `overloaded` */
  async next(address: string, signal: AbortSignal): Promise<string | undefined> {
    while (!signal.aborted) {
      const looking = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
      const told = once(this.#told, address, { signal: looking }).catch(() => undefined);
      const message = await this.take(address);
      if (message !== undefined) return message;
      await told;
    }
    return undefined;
  }
}
