import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { resourceTypeOf } from './cedar/policy-schema.js';
import type { Question } from './cedar/question.js';
import { Policy } from './policy.entity.js';
import type { StoredText } from './policy-store.js';
import { ShadowFinding } from './shadow-finding.entity.js';

/** Between a finding and its being stored, milliseconds. */
const FLUSH_MS = 1000;
/** Findings that may wait, and findings of one draft that are stored; more are only counted where they are known. */
const MOST_WAITING = 1000;
const MOST_OF_DRAFT = 1000;

type Place = Pick<ShadowFinding, 'policyId' | 'version' | 'userEmail' | 'permission' | 'resourceType' | 'resourceId'>;

interface Waiting {
  readonly place: Place;
  readonly firstSeen: Date;
  lastSeen: Date;
  occurrences: number;
}

/** What drafts would have denied: summed up here, stored in batches off the path of calls. */
@Injectable()
export class ShadowFindings implements BeforeApplicationShutdown {
  readonly #log = new Logger(ShadowFindings.name);
  #waiting = new Map<string, Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(private readonly database: DataSource) {}

  note(
    { principal, action, row, now }: Question,
    { policyId, version }: Pick<StoredText, 'policyId' | 'version'>,
  ): void {
    const place = {
      policyId,
      version,
      userEmail: principal.subject.slice(0, 191),
      permission: action,
      resourceType: resourceTypeOf(action, row !== undefined),
      resourceId: row?.id?.slice(0, 64) ?? '',
    };
    const key = JSON.stringify(Object.values(place));
    const at = new Date(now);
    const known = this.#waiting.get(key);
    if (known) Object.assign(known, { occurrences: known.occurrences + 1, lastSeen: at });
    else if (this.#waiting.size < MOST_WAITING)
      this.#waiting.set(key, { place, firstSeen: at, lastSeen: at, occurrences: 1 });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Settles when everything noted so far is stored, or given up. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#flushing = this.#flushing.then(() => this.#storeAll(batch));
    return this.#flushing;
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  async #storeAll(batch: readonly Waiting[]): Promise<void> {
    for (const waiting of batch) {
      try {
        await this.#store(this.database.manager, waiting);
      } catch (error) {
        this.#log.warn({ message: 'what drafts would have denied could not be stored', error });
        return;
      }
    }
  }

  async #store(manager: EntityManager, waiting: Waiting): Promise<void> {
    const { place, firstSeen, lastSeen, occurrences } = waiting;
    if (await added(manager, waiting)) return;
    const { policyId, version } = place;
    if ((await manager.countBy(ShadowFinding, { policyId, version })) >= MOST_OF_DRAFT) return;
    // Another text may be the draft since, and a policy that was deleted has none.
    if (!(await manager.existsBy(Policy, { id: policyId, draftVersion: version }))) return;
    try {
      await manager.insert(ShadowFinding, { id: newId(), ...place, occurrences, firstSeen, lastSeen });
    } catch (error) {
      // Another replica was first.
      if (!isUniqueViolation(error)) throw error;
      await added(manager, waiting);
    }
  }
}

async function added(manager: EntityManager, { place, lastSeen, occurrences }: Waiting): Promise<boolean> {
  const set = { occurrences: () => `occurrences + ${occurrences}`, lastSeen };
  const { affected } = await manager.update(ShadowFinding, place, set);
  return affected === 1;
}
