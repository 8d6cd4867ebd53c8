import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { type Check, CheckLog, type Verdict } from './check-log.js';
import { CheckLogSettings } from './check-log.settings.js';
import { checkRow } from './check-row.js';
import { CheckWriter } from './check-writer.js';
import { DenialAllowance } from './denial-allowance.js';

/** What became of the decisions since the start of the process. */
export interface CheckStatistics {
  readonly rows: number;
  readonly waiting: number;
  /** For want of room in the queue; `lost_denials` are among them. */
  readonly lost: number;
  readonly lost_denials: number;
  /** Denials beyond what one credential may leave in a minute. */
  readonly left_out_denials: number;
}

/** Chooses the decisions that are written down: every denial and bypass, and some of what roles allowed. */
@Injectable()
export class WrittenChecks extends CheckLog {
  readonly #denials: DenialAllowance;

  constructor(
    private readonly writer: CheckWriter,
    private readonly settings: CheckLogSettings,
  ) {
    super();
    this.#denials = new DenialAllowance(settings.deniedPerMinute);
  }

  note(check: Check): void {
    if (!this.settings.enabled || !this.#isChosen(check.answer)) return;
    const now = Date.now();
    if (!check.answer.allowed && !this.#denials.takes(credentialOf(check.principal), now)) return;
    this.writer.push(checkRow(check, now));
  }

  get statistics(): CheckStatistics {
    const { rows, waiting, lost } = this.writer.statistics;
    return {
      rows,
      waiting,
      lost,
      lost_denials: this.writer.lostDenials,
      left_out_denials: this.#denials.leftOut,
    };
  }

  #isChosen({ allowed, reason }: Verdict): boolean {
    return !allowed || reason === 'admin' || Math.random() < this.settings.allowRate;
  }
}

const credentialOf = ({ subject, tokenId }: Principal): string => tokenId ?? subject;
