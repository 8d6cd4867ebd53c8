import type { PluginCase } from '../../plugin-case.js';

const extensions = { policy: 'portcullis', policy_endpoints: ['allow_tool_pre_invoke', 'allow_tool_post_invoke'] };
/** Nobody answers there. */
const opa_base_url = 'http://127.0.0.1:9/v1/data/';
const config = { opa_base_url, applied_to: { tools: [{ tool_name: '*', extensions }] } };
const args = { text: 'hello' };

export const OPA_CASES: readonly PluginCase[] = [
  { title: 'no OPA to ask', config, call: { args }, expect: { blocked: 'DENY' } },
  { title: 'no OPA to ask, about no arguments', config, call: { args: {} }, expect: { blocked: 'DENY' } },
  {
    title: 'no OPA to ask, where that is no reason',
    config: { ...config, on_unavailable: 'allow' },
    call: { args },
    expect: 'unchanged',
  },
  {
    title: 'a hook without an endpoint',
    config: {
      opa_base_url,
      on_unavailable: 'allow',
      applied_to: { tools: [{ tool_name: '*', extensions: { ...extensions, policy_endpoints: ['allow'] } }] },
    },
    call: { args },
    expect: { blocked: 'DENY' },
  },
  {
    title: 'a tool that no policy is for',
    config: { opa_base_url, applied_to: { tools: [{ tool_name: 'another tool', extensions }] } },
    call: { args },
    expect: 'unchanged',
  },
  {
    title: 'a prompt, where policies are for tools',
    config,
    call: { kind: 'prompt', args },
    expect: 'unchanged',
  },
  {
    title: 'more than may be asked about',
    config: { ...config, on_unavailable: 'allow', max_input_bytes: 1024 },
    call: { args: { text: 'x'.repeat(1024) } },
    expect: { blocked: 'DENY' },
  },
];
