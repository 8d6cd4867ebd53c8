import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ToolSearchSettings } from '../../registry/servers/tool-search.settings.js';
import type { SeenTools } from '../gate/list-pages.js';
import { ToolIndex } from './tool-index.js';

type Row = SeenTools['rows'][number];

const IDLE_MS = 3_600_000;

/**
 * One index for everyone who sees the same tools, built when somebody first searches them. An index over all tools,
 * filtered afterwards, would let scores tell how often a word occurs in tools that the caller may not see.
 */
@Injectable()
export class ToolIndexes {
  readonly #indexes: LRUCache<string, Promise<ToolIndex<Row>>>;
  readonly #most: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ maxIndexed }: ToolSearchSettings) {
    this.#most = maxIndexed;
    this.#indexes = new LRUCache({ maxSize: maxIndexed, ttl: IDLE_MS, updateAgeOnGet: true });
  }

  of({ key, rows }: SeenTools): Promise<ToolIndex<Row>> {
    const known = this.#indexes.get(key);
    if (known) return known;
    // One after the other: what many callers begin at once must not take the memory of all of them at once.
    const building = this.#last.then(() => ToolIndex.of(rows));
    this.#last = building.catch(() => this.#indexes.delete(key));
    // A list that is larger than the bound is kept alone, rather than indexed for each call.
    this.#indexes.set(key, building, { size: Math.min(Math.max(rows.length, 1), this.#most) });
    return building;
  }
}
