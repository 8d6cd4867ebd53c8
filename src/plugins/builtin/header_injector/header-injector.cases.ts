import type { PluginCase } from '../../plugin-case.js';

const config = { headers: { 'User-Agent': 'Portcullis/1.0', 'X-Tenant': 'a' } };

export const HEADER_INJECTOR_CASES: readonly PluginCase[] = [
  {
    title: 'what a resource says stays',
    config,
    call: { kind: 'resource', result: { contents: [{ uri: 'test://a', text: 'a' }] } },
    expect: 'unchanged',
  },
  {
    title: 'the arguments of a tool stay',
    config,
    call: { args: { headers: { 'x-tenant': 'b' } } },
    expect: 'unchanged',
  },
];
