import { AsyncLocalStorage } from 'node:async_hooks';

/** Knows whether the code that asks runs inside a unit of work that has not ended. */
class UnitScope {
  readonly #units = new AsyncLocalStorage<{ open: boolean }>();

  get inside(): boolean {
    return this.#units.getStore()?.open ?? false;
  }

  /** @throws Error inside another unit: its manager is to be passed on instead. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside) throw new Error('Units of work do not nest: pass the manager of the outer one');
    const unit = { open: true };
    try {
      return await this.#units.run(unit, work);
    } finally {
      unit.open = false;
    }
  }
}

export const unitScope = new UnitScope();
