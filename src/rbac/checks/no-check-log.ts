import { CheckLog } from './check-log.js';

/** Writes nothing down. */
export class NoCheckLog extends CheckLog {
  note(): void {}
}
