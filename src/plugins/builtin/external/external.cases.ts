import type { PluginCase } from '../../plugin-case.js';

/** None: what an external plugin decides is its server's affair, and an entry has no `config`. */
export const EXTERNAL_CASES: readonly PluginCase[] = [];
