export class KeyBackendDto {
  /** KEY_BACKEND. */
  name: string;
  /** Whether it answered just now. */
  up: boolean;
  /** Since when that is so, as far as this replica knows. */
  since: string;
  /** What it answered instead. */
  fault: string | null;
}

export class DataKeyDto {
  id: string;
  /** The highest seals. */
  generation: number;
  /** `current` seals and opens, `retired` opens, `destroyed` is gone. */
  state: 'current' | 'retired' | 'destroyed';
  backend: string;
  /** The key-encryption key that wraps it. */
  kek_id: string;
  /** How many stored values it sealed. */
  values: number;
  created_at: string;
  destroyed_at: string | null;
}

export class SealedPlaceDto {
  table: string;
  column: string;
  values: number;
}

export class RotationDto {
  key_id: string;
  /** `resealing`, then `retiring` until KEY_RETIREMENT_SECONDS have passed, then `finished`. */
  state: 'resealing' | 'retiring' | 'finished';
  started_at: string;
  /** Values sealed anew so far. */
  resealed: number;
  /** Values that another key sealed. */
  remaining: number;
  /** Where those are. */
  remaining_in: SealedPlaceDto[];
  /** Of those, the ones that can't be opened: their keys are kept until they are given anew. */
  unreadable: number;
  finished_at: string | null;
}

export class KeyStatusDto {
  backend: KeyBackendDto;
  /** The newest 100, newest first. */
  keys: DataKeyDto[];
  /** Values of no data key that is listed: sealed before there were any, or with a key that is not held. */
  other_values: number;
  /** The last one; null when there was none. */
  rotation: RotationDto | null;
}
