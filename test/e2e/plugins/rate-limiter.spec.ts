import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PluginCase } from '../../../src/plugins/plugin-case.js';
import { DOORS, outcomeAt } from './doors.js';
import { GuardedGate } from './guarded-gate.js';

let guarded: GuardedGate;
beforeAll(async () => {
  guarded = await GuardedGate.start();
});
afterAll(() => guarded.stop());

const KINDS = DOORS.flatMap((door) => door.kinds.map((kind) => ({ kind, door })));

it.each(KINDS)('a second $kind is one too many at $door.name', async ({ kind, door }) => {
  await guarded.plugins([]);
  const hooks = ['prompt_pre_fetch', 'tool_pre_invoke', 'resource_pre_fetch'];
  await guarded.plugins([{ name: 'Limits', kind: 'rate_limiter', hooks, config: { by_user: '1/h' } }]);
  const row: PluginCase = { title: '', call: { kind }, expect: 'unchanged' };
  expect(await outcomeAt(door, guarded.gate, row)).toBe('unchanged');
  expect(await outcomeAt(door, guarded.gate, row)).toEqual({ blocked: 'RATE_LIMIT' });
});
