import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';
import type { RunningGateway } from '../../fixtures/running-gateway.js';

// Rows are checked by the tests themselves.
type Row = ReturnType<typeof JSON.parse>;

/**
 * The rows of one HTTP request, oldest first. A row is written when the response closes at the gateway's end, which
 * for a client that hung up is some turns later, so this asks until there is one.
 */
export async function usageRowsOf(running: RunningGateway, correlationId: string): Promise<Row[]> {
  for (;;) {
    const { body } = await running.rest<Row[]>('GET', '/usage?limit=500');
    const rows = body.filter((row) => row.correlation_id === correlationId);
    if (rows.length > 0) return rows.reverse();
    await nextTurn();
  }
}

/** The one row of a request; fails when there are several. */
export async function usageOf(running: RunningGateway, correlationId: unknown): Promise<Row> {
  const rows = await usageRowsOf(running, String(correlationId));
  expect(rows).toHaveLength(1);
  return rows[0];
}
