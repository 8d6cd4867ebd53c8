import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { FILE_TYPE_ALLOWLIST_CASES } from './file-type-allowlist.cases.js';
import { fileTypeAllowlist } from './file-type-allowlist.plugin.js';
import { sniffType } from './sniff-type.js';

describe('file_type_allowlist', () => {
  it.each(FILE_TYPE_ALLOWLIST_CASES)('$title', async (row) => {
    expect(await outcomeOf(fileTypeAllowlist, row)).toEqual(row.expect);
  });

  it.each([
    ['file:///srv/a.md', undefined],
    ['https://example.com', undefined],
    ['https://example.com/a.MD?b=c.exe#d.exe', undefined],
    ['https://example.com/a.exe', 'FILETYPE_BLOCK'],
    ['https://example.com/a.md/b.exe', 'FILETYPE_BLOCK'],
    ['https://example.com/a.exe;b.md', 'FILETYPE_BLOCK'],
    ['https://example.com/a.exe%00.md', 'FILETYPE_BLOCK'],
    ['custom:a.exe', 'FILETYPE_BLOCK'],
  ])('should judge %s before it is fetched', async (uri, code) => {
    const plugin = await activePlugin(fileTypeAllowlist, { allowed_extensions: ['.md'] });
    expect((await askPlugin(plugin, 'resource_pre_fetch', { uri, metadata: {} })).violation?.code).toBe(code);
  });

  it.each([
    ['7f454c46', 'application/x-elf'],
    ['cafebabe00000034', 'application/java-vm'],
    ['504b030414', 'application/zip'],
    ['255044462d312e37', 'application/pdf'],
    ['2321', 'text/x-shellscript'],
    ['3c21444f43545950452068746d6c3e', 'text/html'],
    ['68656c6c6f', undefined],
    ['', undefined],
  ])('should know what begins with %s', (hex, type) => {
    expect(sniffType(Buffer.from(hex, 'hex'))).toBe(type);
  });

  it.each([
    [{ allowed_mime_types: ['plain'] }],
    [{ allowed_extensions: ['.a/b'] }],
    [{ allowed_mime_types: 'text/plain' }],
    [{ types: [] }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(fileTypeAllowlist, config)).rejects.toThrow(PluginConfigError);
  });
});
