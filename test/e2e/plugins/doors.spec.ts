import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILTIN_PLUGINS } from '../../../src/plugins/builtin-plugins.js';
import type { PluginCase } from '../../../src/plugins/plugin-case.js';
import { DOORS, outcomeAt } from './doors.js';
import { GuardedGate } from './guarded-gate.js';

const BUILTIN = join(import.meta.dirname, '../../../src/plugins/builtin');

/** The table of cases of a plugin: what the one file of its folder that ends so exports. */
async function casesOf(name: string): Promise<readonly PluginCase[]> {
  const file = readdirSync(join(BUILTIN, name)).find((found) => found.endsWith('.cases.ts'));
  if (file === undefined) throw new Error(`${name} has no table of cases`);
  const [cases] = Object.values((await import(join(BUILTIN, name, file))) as Record<string, readonly PluginCase[]>);
  return cases ?? [];
}

const TABLES = await Promise.all(
  BUILTIN_PLUGINS.map(async (definition) => ({ definition, cases: await casesOf(definition.name) })),
);

let guarded: GuardedGate;
beforeAll(async () => {
  guarded = await GuardedGate.start();
});
afterAll(() => guarded.stop());

describe.each(TABLES.filter(({ cases }) => cases.some(({ call }) => !call.pluginAlone)))(
  '$definition.name',
  ({ definition, cases }) => {
    it.each(cases.filter(({ call }) => !call.pluginAlone))('decides alike at every door: $title', async (row) => {
      const { name, hooks, optionalHooks = [] } = definition;
      await guarded.plugins([{ name, kind: name, hooks: [...hooks, ...optionalHooks], config: row.config ?? {} }]);
      const doors = DOORS.filter(({ kinds }) => kinds.includes(row.call.kind ?? 'tool'));
      const outcomes: Record<string, unknown> = {};
      for (const door of doors) outcomes[door.name] = await outcomeAt(door, guarded.gate, row);
      expect(outcomes).toEqual(Object.fromEntries(doors.map(({ name: door }) => [door, row.expect])));
    });
  },
);
