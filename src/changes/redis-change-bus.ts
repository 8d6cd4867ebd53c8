import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { type Change, ChangeBus, type ChangeListener, InProcessChangeBus } from './change-bus.js';
import { Outbox } from './outbox.js';
import { Peers, SILENCE_MS } from './peers.js';
import { readMessage, type ReplicaMessage, writeMessage } from './replica-message.js';

const TICK_MS = 200;
/** While others can't be heard, everything is taken for changed so often, milliseconds. */
const BLIND_MS = 2000;
/** A subscription on which nothing is heard for so long is opened anew, milliseconds. */
const GIVE_UP_MS = 3000;

/**
 * For several replicas, over a Redis channel. Each replica sends a tick five times a second. Who hears its own tick has
 * heard everything that was told before it; who hears those of all others knows that they have nothing left to tell.
 */
export class RedisChangeBus extends ChangeBus implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(RedisChangeBus.name);
  readonly #origin = randomUUID();
  readonly #local = new InProcessChangeBus();
  readonly #peers = new Peers();
  readonly #outbox: Outbox;
  readonly #channel: string;
  #timer: NodeJS.Timeout | undefined;
  /** When our own tick came back; not since the subscription was lost. */
  #heardAt = -Infinity;
  #subscribedAt = Infinity;
  /** What was said between the last subscription and this one is lost. */
  #missedSome = true;
  #peersSilent = false;
  #reported = false;
  #blindSince = -Infinity;
  #stopping = false;

  constructor(
    private readonly commands: Redis,
    private readonly subscription: Redis,
    prefix: string,
  ) {
    super();
    this.#channel = `${prefix}changes`;
    this.#outbox = new Outbox((changes) => this.#send({ from: this.#origin, says: 'changes', changes }));
  }

  override get connected(): boolean {
    return !this.#peersSilent && performance.now() - this.#heardAt <= SILENCE_MS;
  }

  /** Changes that other replicas have yet to be told. */
  get waiting(): number {
    return this.#outbox.size;
  }

  publish(change: Change): void {
    try {
      this.#local.publish(change);
    } finally {
      this.#outbox.add(change);
      void this.#outbox.flush();
    }
  }

  subscribe(listener: ChangeListener): void {
    this.#local.subscribe(listener);
  }

  /** Not before: the first that is told makes listeners read the database. */
  onApplicationBootstrap(): void {
    const { subscription } = this;
    subscription.on('message', (_channel: string, text: string) => this.#hear(text));
    subscription.on('close', () => this.#lost());
    subscription.on('ready', () => void this.#listen());
    if (subscription.status === 'ready') void this.#listen();
    this.#timer = setInterval(() => void this.#beat(), TICK_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping = true;
    if (await this.#outbox.flush()) await this.#send({ from: this.#origin, says: 'bye' }).catch(() => undefined);
  }

  async #listen(): Promise<void> {
    // Where it fails, no tick is heard, and the next connection tries again.
    await this.subscription.subscribe(this.#channel).catch(() => undefined);
    this.#subscribedAt = performance.now();
    await this.#beat();
  }

  #lost(): void {
    this.#heardAt = -Infinity;
    this.#subscribedAt = Infinity;
    this.#missedSome = true;
    this.#peers.forget();
  }

  #hear(text: string): void {
    const message = readMessage(text);
    const now = performance.now();
    if (!message) this.#tell({ kind: 'anything_changed' });
    else if (message.from === this.#origin) {
      if (message.says === 'tick') this.#heardMyself(now);
    } else if (message.says === 'bye') this.#peers.left(message.from);
    else if (message.says === 'changes') for (const change of message.changes) this.#tell(change);
    else this.#peers.heard(message.from, now);
  }

  #heardMyself(now: number): void {
    if (this.#missedSome) this.#tell({ kind: 'anything_changed' });
    this.#missedSome = false;
    this.#heardAt = now;
  }

  async #beat(): Promise<void> {
    const now = performance.now();
    this.#peersSilent = this.#peers.silent(now);
    if (this.#peers.bury(now)) this.#tell({ kind: 'anything_changed' });
    const { connected } = this;
    this.#report(connected);
    if (connected) this.#blindSince = -Infinity;
    else if (now - this.#blindSince >= BLIND_MS) {
      this.#blindSince = now;
      this.#tell({ kind: 'anything_changed' });
    }
    if (now - Math.max(this.#heardAt, this.#subscribedAt) > GIVE_UP_MS) this.subscription.disconnect(true);
    const told = await this.#outbox.flush();
    // A tick after the good-bye would leave the others waiting for more.
    if (told && !this.#stopping) await this.#send({ from: this.#origin, says: 'tick' }).catch(() => undefined);
  }

  #report(connected: boolean): void {
    if (connected !== this.#reported) {
      if (connected) this.#log.log({ message: 'other replicas are heard; caches are used' });
      else this.#log.warn({ message: 'other replicas cannot be heard; every credential is looked up in the database' });
    }
    this.#reported = connected;
  }

  /** To this process alone. */
  #tell(change: Change): void {
    try {
      this.#local.publish(change);
    } catch (error) {
      this.#log.error({ message: 'a change did not reach every cache', kind: change.kind, error });
    }
  }

  #send(message: ReplicaMessage): Promise<unknown> {
    return this.commands.publish(this.#channel, writeMessage(message));
  }
}
