import type { PluginCase } from '../../plugin-case.js';

export const HEADER_FILTER_CASES: readonly PluginCase[] = [
  {
    title: 'arguments that are called like headers stay',
    call: { args: { cookie: 'a', headers: { cookie: 'b' } } },
    expect: 'unchanged',
  },
];
