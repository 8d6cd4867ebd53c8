import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ToolSearchSettings } from '../../registry/servers/tool-search.settings.js';
import type { SeenTools } from '../gate/list-pages.js';
import { ToolIndex } from './tool-index.js';

type Index = ToolIndex<SeenTools['rows'][number]>;

/**
 * One index for everyone who sees the same tools, built when somebody first searches them. An index over all tools,
 * filtered afterwards, would let scores tell how often a word occurs in tools that the caller may not see.
 */
@Injectable()
export class ToolIndexes {
  readonly #built: LRUCache<string, Index>;
  readonly #building = new Map<string, Promise<Index>>();
  readonly #maxBytes: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ maxMebibytes }: ToolSearchSettings) {
    this.#maxBytes = maxMebibytes * 2 ** 20;
    this.#built = new LRUCache({ maxSize: this.#maxBytes });
  }

  of(seen: SeenTools): Index | Promise<Index> {
    return this.#built.get(seen.key) ?? this.#building.get(seen.key) ?? this.#begin(seen);
  }

  /** One after the other: what many callers begin at once must not take the memory of all of them at once. */
  #begin({ key, rows }: SeenTools): Promise<Index> {
    const building = this.#last.then(() => ToolIndex.of(rows, this.#maxBytes));
    this.#building.set(key, building);
    this.#last = building
      .then((index) =>
        this.#built.set(key, index, { size: Math.min(Math.max(Math.ceil(index.bytes), 1), this.#maxBytes) }),
      )
      .catch(() => undefined)
      .finally(() => this.#building.delete(key));
    return building;
  }
}
