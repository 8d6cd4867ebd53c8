export type ItemKind = 'tool' | 'resource' | 'resource_template' | 'prompt';

/** Something of an upstream's catalogue that can't be offered, and why. */
export interface SkippedItem {
  readonly kind: ItemKind;
  /** Its name or URI, shortened. */
  readonly name: string;
  readonly reason: string;
}
