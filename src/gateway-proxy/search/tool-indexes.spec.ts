import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { ToolSearchSettings } from '../../registry/servers/tool-search.settings.js';
import type { SeenTools } from '../gate/list-pages.js';
import { ToolIndexes } from './tool-indexes.js';

/** About 650 bytes of an index for each tool. */
function seen(key: string, count: number): SeenTools {
  const row = { visibility: 'public', teamId: null, ownerEmail: null, gateway: null } as const;
  const rows = Array.from({ length: count }, (_, at) => {
    const name = `tool-${at}`;
    return { ...row, name, definition: { name, description: 'Does what it does.' } };
  });
  return { key, rows };
}

describe(ToolIndexes.name, () => {
  const indexes = () => new ToolIndexes(settingsOf(ToolSearchSettings, { TOOL_SEARCH_MAX_MEMORY_MB: '1' }));

  it('builds one index for everyone who sees the same', async () => {
    const kept = indexes();
    const [one, same, other] = await Promise.all([
      kept.of(seen('a', 10)),
      kept.of(seen('a', 10)),
      kept.of(seen('b', 10)),
    ]);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(await kept.of(seen('a', 10))).toBe(one);
  });

  it('forgets what was unused for longest when there is too much', async () => {
    const kept = indexes();
    const [first, second] = [await kept.of(seen('a', 600)), await kept.of(seen('b', 600))];
    await kept.of(seen('a', 600));
    await kept.of(seen('c', 600));
    expect(await kept.of(seen('a', 600))).toBe(first);
    expect(await kept.of(seen('b', 600))).not.toBe(second);
  });

  it('keeps one that takes more than that without the rest of its texts, and none beside it', async () => {
    const kept = indexes();
    const small = await kept.of(seen('small', 10));
    const large = await kept.of(seen('large', 3000));
    expect(await kept.of(seen('large', 3000))).toBe(large);
    expect(large.find('tool 2999', 1)[0]?.tool.name).toBe('tool-2999');
    const described = large.find('does', 3000).length;
    expect(described).toBeGreaterThan(1000);
    expect(described).toBeLessThan(2999);
    expect(await kept.of(seen('small', 10))).not.toBe(small);
  });

  it('finds nothing among no tools', async () => {
    expect((await indexes().of(seen('none', 0))).find('tool', 20)).toEqual([]);
  });
});
