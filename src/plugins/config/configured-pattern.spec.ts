import { describe, expect, it } from 'vitest';
import { PluginConfigError } from '../plugin-definition.js';
import { configuredList, configuredPattern } from './configured-pattern.js';

describe('a pattern of the configuration', () => {
  it('should be compiled', () => {
    expect(configuredPattern('a+', 'words[0].search', ['i']).replaceAll('xAAx', '-')).toBe('x-x');
  });

  // Whether a pattern is evil is looked for in a bounded time, which a busy machine can let pass.
  it('should be refused if it is evil, by the key it stands at', { retry: 5 }, () => {
    expect(() => configuredPattern('(a+)+$', 'words[2].search')).toThrow(PluginConfigError);
    expect(() => configuredPattern('(a+)+$', 'words[2].search')).toThrow('words[2].search: pattern takes time');
  });

  it('should be refused with all others of its list that are none', () => {
    const list = ['a', '(', '[', 'b'];
    const make = (source: string, index: number) => configuredPattern(source, `list[${index}]`);
    expect(() => configuredList(list, make)).toThrow(PluginConfigError);
    expect(() => configuredList(list, make)).toThrow(/list\[1\]: .*list\[2\]: /s);
    expect(configuredList(['a', 'b'], make)).toHaveLength(2);
  });
});
