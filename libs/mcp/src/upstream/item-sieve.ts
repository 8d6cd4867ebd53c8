import { FieldRules } from '#libs/fields';
import { isJsonObject, type JsonObject } from '../json-rpc.js';
import type { Era } from '../revisions.js';
import { IDENTIFIERS, itemFault, type ItemKind } from './catalogue-item.js';

/** Something that an upstream lists and the catalogue leaves out. */
export interface SkippedItem {
  readonly kind: ItemKind;
  /** Printable, 128 characters at most; `*` for the rest of a list. */
  readonly name: string;
  /** Completes "it …". */
  readonly reason: string;
}

const MAX_SHOWN = 128;

/** Parts the items of one list into those fit for the catalogue and those left out, each once, in the list's order. */
export class ItemSieve {
  readonly kept: JsonObject[] = [];
  readonly #identifiers = new Set<unknown>();
  #seen = 0;

  constructor(
    private readonly kind: ItemKind,
    private readonly era: Era,
    private readonly maxItems: number,
    private readonly skipped: SkippedItem[],
    private readonly rules: FieldRules = FieldRules.STANDARD,
  ) {}

  /** False when the list is full: this item and the rest are left out. */
  take(item: unknown): boolean {
    if (this.#seen++ === this.maxItems) {
      this.leaveRest(`is longer than ${this.maxItems} items`);
      return false;
    }
    const identifier = isJsonObject(item) ? item[IDENTIFIERS[this.kind]] : undefined;
    const fault = isJsonObject(item) ? this.#fault(item, identifier) : 'is not an object';
    if (fault !== undefined) this.skipped.push({ kind: this.kind, name: shown(identifier), reason: fault });
    else if (isJsonObject(item)) this.kept.push(item);
    return true;
  }

  leaveRest(reason: string): void {
    this.skipped.push({ kind: this.kind, name: '*', reason });
  }

  #fault(item: JsonObject, identifier: unknown): string | undefined {
    const fault = itemFault(this.kind, item, this.era, this.rules);
    if (fault !== undefined) return fault;
    if (this.#identifiers.has(identifier)) return 'is listed a second time';
    this.#identifiers.add(identifier);
    return undefined;
  }
}

function shown(identifier: unknown): string {
  if (typeof identifier !== 'string' || identifier === '') return '(unnamed)';
  return identifier.slice(0, MAX_SHOWN).replace(/[\p{Control}\p{Format}\p{Surrogate}]/gu, '?');
}
