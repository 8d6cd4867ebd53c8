import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PluginCase } from '../../../src/plugins/plugin-case.js';
import { DOORS, outcomeAt } from './doors.js';
import { GuardedGate } from './guarded-gate.js';

let guarded: GuardedGate;
beforeAll(async () => {
  guarded = await GuardedGate.start();
});
afterAll(() => guarded.stop());

it.each(DOORS.filter(({ kinds }) => kinds.includes('tool')))(
  'a tool that failed is left alone at $name',
  async (door) => {
    await guarded.plugins([]);
    await guarded.plugins([{ name: 'Breaker', kind: 'circuit_breaker', config: { consecutive_failure_threshold: 1 } }]);
    const result = { content: [{ type: 'text', text: 'broken' }], isError: true };
    const row: PluginCase = { title: '', call: { result }, expect: 'unchanged' };
    expect(await outcomeAt(door, guarded.gate, row)).toBe('unchanged');
    expect(await outcomeAt(door, guarded.gate, row)).toEqual({ blocked: 'CIRCUIT_OPEN' });
    expect(guarded.gate.upstreams[door.upstream].seen).toEqual([]);
  },
);
