import { describe, expect, it } from 'vitest';
import { normaliseId } from './normalise-id.js';

const STORED = '9779b6698cbd4b4995ee04a4fab38737';

describe(normaliseId.name, () => {
  it.each([
    STORED,
    STORED.toUpperCase(),
    '9779b669-8cbd-4b49-95ee-04a4fab38737',
    '9779B669-8CBD-4B49-95EE-04A4FAB38737',
  ])('knows %s', (id) => {
    expect(normaliseId(id)).toBe(STORED);
  });

  it.each(
    [
      [
        '',
        '-',
        '7',
        'my-server',
        `${STORED}0`,
        STORED.slice(1),
        ` ${STORED}`,
        `${STORED} `,
        `${STORED}\n`,
        `{${STORED}}`,
      ],
      [`urn:uuid:${STORED}`, STORED.replace('9', 'g'), STORED.replace('9', '９'), '__proto__', '../etc', '%00'],
    ].flat(),
  )('leaves "%s" as it is', (id) => {
    expect(normaliseId(id)).toBe(id);
  });
});
