import { describe, expect, it } from 'vitest';
import { iconFault } from './icon.js';

const data = (type: string, bytes: string) => `data:${type};base64,${Buffer.from(bytes, 'latin1').toString('base64')}`;
const PNG = '\x89PNG\r\n\x1a\n and so on';

describe(iconFault, () => {
  it.each([
    '',
    'https://example.com/icon.png?size=2',
    data('image/png', PNG),
    data('image/jpeg', '\xff\xd8\xff\xe0'),
    data('image/webp', 'RIFF\0\x01\x02\nWEBPVP8 '),
    data('image/gif', 'GIF89a'),
  ])('takes %s', (icon) => {
    expect(iconFault(icon)).toBeUndefined();
  });

  it.each([
    'http://example.com/icon.png',
    '//example.com/icon.png',
    'https://user:pass@example.com/icon.png',
    'javascript:alert(1)',
    'https://example.com/"onerror=',
    'https://example.com/\u202E',
    data('image/svg+xml', '<svg onload="alert(1)"/>'),
    `data:image/svg+xml,%3Csvg%3E`,
    data('text/html', '<script>'),
    data('image/png', '<svg onload="alert(1)"/>'),
    data('IMAGE/PNG', PNG),
    `data:image/png,${PNG}`,
    `${data('image/png', PNG)};x`,
    data('constructor/x', PNG),
    `https://example.com/${'x'.repeat(2048)}`,
    7,
    ['https://example.com/'],
  ])('refuses %s', (icon) => {
    expect(iconFault(icon)).toBeTypeOf('string');
  });
});
