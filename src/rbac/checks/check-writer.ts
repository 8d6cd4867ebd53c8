import { Injectable } from '@nestjs/common';
import { BatchWriter } from '../../audit/batch-writer.js';
import { CheckLogSettings } from './check-log.settings.js';
import type { PermissionCheck } from './permission-check.entity.js';
import { PermissionCheckRepository } from './permission-check.repository.js';

/** Denials and bypasses may fill the queue to so many times its size: what roles allowed goes first. */
const OVERFULL = 2;

/** Writes decisions down. A full queue holds nobody back; what it has no room for is counted. */
@Injectable()
export class CheckWriter extends BatchWriter<PermissionCheck> {
  #lostDenials = 0;

  constructor(
    repository: PermissionCheckRepository,
    private readonly settings: CheckLogSettings,
  ) {
    super(repository, 'decisions', settings.flushMs);
  }

  /** Denials among the rows that were lost. */
  get lostDenials(): number {
    return this.#lostDenials;
  }

  push(row: PermissionCheck): void {
    const { queue } = this.settings;
    const ordinary = row.granted && row.reason !== 'admin';
    if (!this.add(row, ordinary ? queue : OVERFULL * queue) && !row.granted) this.#lostDenials += 1;
  }
}
