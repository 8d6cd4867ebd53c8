import type { ItemKind } from '#libs/mcp';

/** Something that an upstream lists and the gateway can't offer. */
export class SkippedItemDto {
  kind: ItemKind;
  /** Its name or URI; `*` for the rest of a list. */
  name: string;
  /** Completes "it …". */
  reason: string;
}
