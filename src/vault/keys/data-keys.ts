import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { KeyRing, SealError, Sealer } from '#libs/sealing';
import { LRUCache } from 'lru-cache';
import { randomBytes } from 'node:crypto';
import { Repository } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { VaultSettings } from '../vault.settings.js';
import { DataKey } from './data-key.entity.js';
import { HeldBackends } from './held-backends.js';

const KEY_BYTES = 32;
const MOST_KEPT = 100;

/** The data keys: which one seals, and how to open what each sealed. */
@Injectable()
export class DataKeys {
  /** Those who ask for one key at once are one question to the backend. */
  readonly #opened: LRUCache<string, Promise<Sealer>>;

  constructor(
    @InjectRepository(DataKey) private readonly rows: Repository<DataKey>,
    private readonly backends: HeldBackends,
    settings: VaultSettings,
  ) {
    this.#opened = new LRUCache({ max: MOST_KEPT, ttl: settings.keyCacheSeconds * 1000 });
  }

  /** The key of the highest generation; makes the first one. The database is asked each time: no replica seals with a former key. */
  async current(): Promise<DataKey> {
    const newest = await this.newest();
    if (newest) return newest;
    const first = await this.fresh(1);
    try {
      await this.rows.insert(first);
      return first;
    } catch (error) {
      // Another replica was faster.
      if (!isUniqueViolation(error)) throw error;
      return this.current();
    }
  }

  /** Undefined when nothing was ever sealed. */
  async newest(): Promise<DataKey | undefined> {
    return (await this.newestFirst(1))[0];
  }

  newestFirst(limit: number): Promise<DataKey[]> {
    return this.rows.find({ order: { generation: 'DESC' }, take: limit });
  }

  /** Erases what is stored of all keys older than this one, and tells how many those were. What a replica has in memory ends with KEY_CACHE_SECONDS. */
  async destroyBefore(id: string): Promise<number> {
    const { generation } = await this.rows.findOneByOrFail({ id });
    const { affected } = await this.rows
      .createQueryBuilder()
      .update()
      // libsql takes no null that is the only parameter.
      .set({ wrapped: () => 'NULL', destroyedAt: new Date() })
      .where('generation < :generation AND wrapped IS NOT NULL', { generation })
      .execute();
    return affected ?? 0;
  }

  /** A new random key, wrapped by the backend of the settings, not yet stored. @throws GatewayError `keys_unavailable` */
  async fresh(generation: number): Promise<DataKey> {
    const backend = await this.backends.current();
    const id = newId();
    const key = randomBytes(KEY_BYTES);
    const { keyId, wrapped } = await backend.wrap(key, contextOf(id)).finally(() => void key.fill(0));
    const name = backend.name as DataKey['backend'];
    return { id, generation, backend: name, kekId: keyId, wrapped, createdAt: new Date(), destroyedAt: null };
  }

  /** @throws SealError for a key that is not here; GatewayError `keys_unavailable` when the backend does not give it */
  sealer(id: string): Promise<Sealer> {
    const known = this.#opened.get(id);
    if (known) return known;
    const asked = this.#unwrapped(id);
    this.#opened.set(id, asked);
    asked.catch(() => this.#opened.delete(id));
    return asked;
  }

  async #unwrapped(id: string): Promise<Sealer> {
    const row = await this.rows.findOneBy({ id });
    if (!row || row.wrapped === null) throw new SealError('unknown_key');
    const backend = await this.backends.of(row.backend);
    const key = await backend.unwrap({ keyId: row.kekId, wrapped: row.wrapped }, contextOf(id));
    try {
      return new Sealer(KeyRing.fromKey(id, key));
    } finally {
      key.fill(0);
    }
  }
}

/** So that the wrapped key of another row is not taken for this one. */
const contextOf = (id: string): string => `data_keys:${id}`;
