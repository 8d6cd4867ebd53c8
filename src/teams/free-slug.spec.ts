import { describe, expect, it } from 'vitest';
import { withFreeSlug } from './free-slug.js';

const taken = (): Error => Object.assign(new Error('taken'), { code: 'SQLITE_CONSTRAINT_UNIQUE' });
const echo = (slug: string): Promise<string> => Promise.resolve(slug);

describe(withFreeSlug.name, () => {
  it.each([
    ['The Reds', 'the-reds'],
    ['  Équipe -- Rouge! ', 'equipe-rouge'],
    ['ＦＵＬＬ width', 'full-width'],
    ['../../etc/passwd', 'etc-passwd'],
    ['日本', 'team'],
    ['---', 'team'],
    ['x'.repeat(300), 'x'.repeat(180)],
    [`${'x'.repeat(179)} y`, 'x'.repeat(179)],
  ])('makes of "%s" the slug %s', async (text, slug) => {
    expect(await withFreeSlug(text, echo)).toBe(slug);
  });

  it('adds a suffix to one that is taken, another each time', async () => {
    const tried: string[] = [];
    const insert = async (slug: string): Promise<string> => {
      tried.push(slug);
      if (tried.length < 3) throw taken();
      return slug;
    };
    expect(await withFreeSlug('x'.repeat(300), insert)).toMatch(/^x{180}-[0-9a-f]{8}$/);
    expect(new Set(tried).size).toBe(3);
  });

  it('gives up in the end, and at once for other faults', async () => {
    let tries = 0;
    const failing = (error: Error) => () => {
      tries += 1;
      return Promise.reject(error);
    };
    await expect(withFreeSlug('a', failing(taken()))).rejects.toThrow('taken');
    expect(tries).toBe(5);
    await expect(withFreeSlug('a', failing(new Error('no connection')))).rejects.toThrow('no connection');
    expect(tries).toBe(6);
  });
});
