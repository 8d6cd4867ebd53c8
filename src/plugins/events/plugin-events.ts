import { Injectable, Logger } from '@nestjs/common';
import type { HookEvent, HookEvents } from '../chain/run-hook.js';

/** Told of every block, would-block, change, note and error of a plugin. */
@Injectable()
export class PluginEvents implements HookEvents {
  readonly #log = new Logger(PluginEvents.name);
  readonly #listeners: ((event: HookEvent) => void)[] = [];

  /** @param listener must not throw */
  listen(listener: (event: HookEvent) => void): void {
    this.#listeners.push(listener);
  }

  happened(event: HookEvent): void {
    const { plugin, hook, outcome, error, facts } = event;
    if (outcome === 'error')
      this.#log.error({
        message: 'a plugin failed',
        plugin: plugin.run.name,
        hook,
        error,
        correlationId: facts.requestId,
      });
    for (const listener of this.#listeners) listener(event);
  }
}
