import { describe, expect, it } from 'vitest';
import { GatewayError } from './errors.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';

describe(decodeCursor.name, () => {
  it('reads back what was encoded', () => {
    const cursor = { createdAt: 1_763_800_000_123, id: '9779b6698cbd4b4995ee04a4fab38737' };
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  });

  it.each([
    '',
    'garbage',
    Buffer.from("1.x' OR 1=1").toString('base64url'),
    Buffer.from('1.').toString('base64url'),
    'A'.repeat(10_000),
  ])('refuses %.20s', (text) => {
    expect(() => decodeCursor(text)).toThrow(GatewayError);
  });
});
