import { AsyncLocalStorage } from 'node:async_hooks';

/** Knows whether the code that asks runs inside a unit of work that has not ended. */
class UnitScope {
  readonly #units = new AsyncLocalStorage<{ open: boolean }>();
  #open = 0;

  get inside(): boolean {
    return this.#units.getStore()?.open ?? false;
  }

  /** @throws Error inside another unit: its manager is to be passed on instead. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside) throw new Error('Units of work do not nest: pass the manager of the outer one');
    const unit = { open: true };
    this.#open += 1;
    try {
      return await this.#units.run(unit, work);
    } finally {
      unit.open = false;
      this.#open -= 1;
      // Up to Node 22 a storage in use makes every promise of the process dearer.
      if (this.#open === 0) this.#units.disable();
    }
  }
}

export const unitScope = new UnitScope();
