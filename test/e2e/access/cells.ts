/** One question of the matrix. */
export interface Cell {
  readonly name: string;
  /** What the documentation says is answered. */
  readonly expected: string;
  readonly ask: () => Promise<string>;
}

// Enough to keep the gateway busy on two cores.
const AT_ONCE = 16;

/** Asks all and tells which are answered otherwise than documented. */
export async function wrongCells(cells: readonly Cell[]): Promise<string[]> {
  const wrong: string[] = [];
  const waiting = cells.values();
  const worker = async (): Promise<void> => {
    for (const { name, expected, ask } of waiting) {
      const got = await ask();
      if (got !== expected) wrong.push(`${name}: expected ${expected}, got ${got}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return wrong.sort();
}
