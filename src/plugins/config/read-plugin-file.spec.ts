import { describe, expect, it } from 'vitest';
import { Environment } from '../../config/environment.js';
import { PluginConfigError } from '../plugin-definition.js';
import { readPluginFile } from './read-plugin-file.js';

const ENVIRONMENT = new Environment({
  WORD: 'secret',
  TRUE: 'true',
  NUMBER: '7',
  EVIL: '"]\n  - name: evil\n    kind: x',
});
const read = (text: string) => readPluginFile(text, ENVIRONMENT);
const faultsOf = (text: string): readonly string[] => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof PluginConfigError) return error.faults;
    throw error;
  }
  return [];
};
const entry = (config: string): string => `plugins:\n  - name: a\n    kind: deny_filter\n    config: ${config}\n`;
const configOf = (config: string): unknown => read(entry(config)).plugins?.[0]?.config;

describe('the file of plugins', () => {
  it('has the keys of the contract', () => {
    const file = read(`
plugin_dirs: ["plugins/native"]
plugin_settings:
  parallel_execution_within_band: true
  plugin_timeout: 12.5
  fail_on_plugin_error: false
  enable_plugin_api: true
  plugin_health_check_interval: 60
plugins:
  - name: "DenyListPlugin"
    kind: "plugins.deny_filter.deny.DenyListPlugin"
    description: "denies"
    version: "0.1.0"
    author: "ContextForge"
    namespace: null
    hooks: ["prompt_pre_fetch"]
    tags: ["plugin", "filter"]
    mode: "sequential"
    on_error: ignore
    priority: 100
    conditions:
      - prompts: ["test_prompt"]
        server_ids: []
        tenant_ids: []
    applied_to: {tools: []}
    config: {words: ["innovative"]}
`);
    expect(file.plugin_settings).toMatchObject({ plugin_timeout: 12.5 });
    expect(file.plugins).toMatchObject([
      { name: 'DenyListPlugin', mode: 'enforce', on_error: 'ignore', priority: 100 },
    ]);
  });

  it('may be empty, and have keys without a value', () => {
    expect(read('')).toEqual({});
    expect(read('plugins:\nplugin_settings:\nplugin_dirs:\n')).toEqual({});
  });

  it.each([
    ['{words: ["{{ env.WORD }}"]}', { words: ['secret'] }],
    ['{words: ["a {{env.WORD}} b {{ env.NUMBER }}"]}', { words: ['a secret b 7'] }],
    ['{words: ["{{ env.MISSING | default(\'other\') }}"]}', { words: ['other'] }],
    ['{words: ["{{ env[\'WORD\'] }}"]}', { words: ['secret'] }],
    [
      '{a: {{ env.TRUE }}, b: "{{ env.TRUE }}", c: {{ env.NUMBER }}, d: {{ env.MISSING | default(false) }}}',
      { a: true, b: 'true', c: 7, d: false },
    ],
    ['{a: \'{{ env.MISSING | default(env.GONE | default("other")) }}\'}', { a: 'other' }],
    ['{a: "{{ env.MISSING | default(env.WORD) }}"}', { a: 'secret' }],
    ['{a: "{{event}} of {{ violation.code }} by {{user}}"}', { a: '{{event}} of {{ violation.code }} by {{user}}' }],
    ['{words: [{{ env.EVIL }}]}', { words: ['"]\n  - name: evil\n    kind: x'] }],
  ])('fills in what the environment has: %s', (config, expected) => {
    expect(configOf(config)).toEqual(expected);
  });

  it.each([
    ['{a: "{{ env.MISSING }}"}', 'line 4: the variable of {{ env.MISSING }} is not set and has no default'],
    ['{a: "{{ 7*7 }}"}', 'line 4: {{ 7*7 }} is not {{ env.NAME }} or {{ env.NAME | default("…") }}'],
    ['{a: "{{ env.WORD.constructor }}"}', 'line 4: {{ env.WORD.constructor }} is not'],
    ['{a: "{{ env.WORD | upper }}"}', 'line 4: {{ env.WORD | upper }} is not'],
    [
      '{a: "{{ env.MISSING | default(env.GONE) }}"}',
      'line 4: the variable of {{ env.MISSING | default(env.GONE) }} is not set',
    ],
    ['{a: "{{ env.MISSING | default(7*7) }}"}', 'line 4: {{ env.MISSING | default(7*7) }} is not'],
    ['{a: "{{ events }}"}', 'line 4: {{ events }} is not'],
    ['{a: "{% for x in y %}"}', 'line 4: {% is not'],
    ['{a: "{# comment #}"}', 'line 4: {# is not'],
  ])('evaluates nothing else: %s', (config, fault) => {
    expect(faultsOf(entry(config))).toEqual([expect.stringContaining(fault)]);
  });

  it('names each fault in a line of its own', () => {
    const faults = faultsOf(`
plugin_settings: {plugin_timeout: 0, colour: red}
plugins:
  - name: "a b"
    kind: deny_filter
    mode: strict
    hooks: [tool_pre_invoke, tool_pre]
    priority: "1"
    conditions: [{tool: [a]}]
  - kind: deny_filter
`);
    expect(faults).toEqual([
      'plugin_settings.colour is no key that is known here',
      'plugin_settings.plugin_timeout must not be less than 0.001',
      'plugins[0].name must be 1 to 128 letters, digits and _.:-',
      expect.stringContaining('plugins[0].hooks each value in hooks must be one of'),
      expect.stringContaining('plugins[0].mode must be one of'),
      'plugins[0].priority must be an integer number',
      'plugins[0].conditions[0].tool is no key that is known here',
      expect.stringMatching(/^plugins\[1\]\.name /),
    ]);
  });

  it.each([
    ['a: [', /^line \d+: /],
    ['plugins: 7', /^plugins /],
    ['[]', 'the file must be an object'],
    ['plugins: []\nplugins: []', /^line 2: /],
    ['x'.repeat(1_000_001), /longer than/],
  ])('is refused: %.20s', (text, fault) => {
    expect(faultsOf(text)).toContainEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault));
  });

  it('does not blow up', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`),
    ];
    expect(faultsOf(bomb.join('\n'))).toEqual([expect.stringMatching(/alias/i)]);
    expect(faultsOf('plugins: *nowhere')).toEqual([expect.stringMatching(/nowhere/)]);
  });
});
