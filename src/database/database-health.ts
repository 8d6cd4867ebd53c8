import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Whether the database answers, for the readiness probe. */
@Injectable()
export class DatabaseHealth {
  #running: Promise<void> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * One `SELECT 1`, shared by all who ask meanwhile.
   * @param withinMs longest wait, milliseconds
   * @throws Error when there is no answer in time, or a bad one
   */
  async ping(withinMs = 2000): Promise<void> {
    const running = (this.#running ??= this.#select());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // The next one asks anew, on another connection.
        this.#running = undefined;
        reject(new Error(`The database did not answer within ${withinMs} ms`));
      }, withinMs);
    });
    await Promise.race([running, late]).finally(() => clearTimeout(timer));
  }

  async #select(): Promise<void> {
    try {
      await this.dataSource.query('SELECT 1');
    } finally {
      this.#running = undefined;
    }
  }
}
