import { Injectable } from '@nestjs/common';
import type { DataKeyDto, KeyStatusDto, RotationDto } from './dto/key-status.dto.js';
import type { DataKey } from './keys/data-key.entity.js';
import { DataKeys } from './keys/data-keys.js';
import { KeyHealth } from './keys/key-health.js';
import type { KeyRotationRow } from './rotation/key-rotation.entity.js';
import { KeyRotations } from './rotation/key-rotations.js';
import { type SealedCount, SealedRows } from './rotation/sealed-rows.js';

const MOST_SHOWN = 100;

/** What administrators see of the keys. */
@Injectable()
export class KeyStatus {
  constructor(
    private readonly keys: DataKeys,
    private readonly rotations: KeyRotations,
    private readonly rows: SealedRows,
    private readonly health: KeyHealth,
  ) {}

  async read(): Promise<KeyStatusDto> {
    const { up, since, fault = null } = await this.health.check();
    const keys = await this.keys.newestFirst(MOST_SHOWN);
    const shown: DataKeyDto[] = [];
    for (const key of keys) shown.push(await this.#shown(key, key === keys[0]));
    const newest = shown[0];
    const rotation = newest && (await this.rotations.of(newest.id));
    const others = await this.rows.othersIn(newest?.id ?? '');
    const remaining = sumOf(others);
    const former = sumOf(shown.slice(1));
    return {
      backend: { name: this.health.name, up, since: since.toISOString(), fault },
      keys: shown,
      other_values: Math.max(0, remaining - former),
      rotation: rotation ? shownRotation(rotation, remaining, others) : null,
    };
  }

  async #shown(key: DataKey, current: boolean): Promise<DataKeyDto> {
    const { id, generation, backend, kekId, wrapped, createdAt, destroyedAt } = key;
    const held = current ? 'current' : 'retired';
    return {
      id,
      generation,
      state: wrapped === null ? 'destroyed' : held,
      backend,
      kek_id: kekId,
      values: await this.rows.count(id),
      created_at: createdAt.toISOString(),
      destroyed_at: destroyedAt?.toISOString() ?? null,
    };
  }
}

function shownRotation(row: KeyRotationRow, remaining: number, others: readonly SealedCount[]): RotationDto {
  const underWay = row.cleanAt ? 'retiring' : 'resealing';
  return {
    key_id: row.dataKeyId,
    state: row.finishedAt ? 'finished' : underWay,
    started_at: row.startedAt.toISOString(),
    resealed: row.resealed,
    remaining,
    remaining_in: [...others],
    unreadable: row.unreadable,
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}

function sumOf(counts: readonly { readonly values: number }[]): number {
  return counts.reduce((sum, { values }) => sum + values, 0);
}
