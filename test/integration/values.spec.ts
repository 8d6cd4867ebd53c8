import { beforeEach, describe, expect, it } from 'vitest';
import { isUniqueViolation } from '../../src/database/unique-violation.js';
import { Book } from '../fixtures/database/book.entity.js';
import { LIBRARY } from '../fixtures/database/library.js';
import { Shelf } from '../fixtures/database/shelf.entity.js';
import { onEveryDatabase } from './on-every-database.js';

onEveryDatabase((database) => {
  const shelves = () => database.dataSource.getRepository(Shelf);
  const books = () => database.dataSource.getRepository(Book);
  const book = (changes: Partial<Book>): Book => ({
    id: 'b',
    shelfId: 's',
    summary: null,
    labels: [],
    lent: false,
    pages: 0,
    printedAt: new Date(0),
    returnedAt: null,
    ...changes,
  });
  const insert = (changes: Partial<Book>) => books().save(book(changes));
  const again = async (changes: Partial<Book>): Promise<Book> => {
    await insert(changes);
    return books().findOneByOrFail({ id: 'b' });
  };

  beforeEach(async () => {
    await books().clear();
    await shelves().createQueryBuilder().delete().execute();
    await shelves().insert({ id: 's', label: 's' });
  });

  describe('values come back as they went', () => {
    it.each([
      '1970-01-01T00:00:00.000Z',
      '1969-12-31T23:59:59.999Z',
      '2026-03-29T01:30:00.123Z',
      '9999-12-31T23:59:59.999Z',
    ])('the instant %s', async (text) => {
      const stored = await again({ printedAt: new Date(text), returnedAt: new Date(text) });
      expect([stored.printedAt, stored.returnedAt]).toEqual([new Date(text), new Date(text)]);
    });

    it('no instant', async () => {
      expect((await again({ returnedAt: null })).returnedAt).toBeNull();
    });

    it('instants in order, and compared', async () => {
      for (const [id, ms] of Object.entries({ a: 999, b: 1000, c: -1, d: 1_800_000_000_000 })) {
        await insert({ id, printedAt: new Date(ms) });
      }
      const sorted = await books().find({ order: { printedAt: 'ASC' } });
      expect(sorted.map(({ id }) => id).join('')).toBe('cabd');
    });

    it.each([
      ['nested', { a: [1, 'two', { deep: null }], b: true }],
      [
        'with every plane of Unicode and controls',
        ['é', '😀', '\u2028', '\u0000', '"', '\\', "'; DROP TABLE books; --"],
      ],
      ['with odd keys', { __proto__x: 1, '': 2 }],
      ['with numbers at the edge', [Number.MAX_SAFE_INTEGER, 0.1, 1e-9]],
    ])('JSON %s', async (_, labels) => {
      expect((await again({ labels })).labels).toEqual(labels);
    });

    it.each([0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('the number %d', async (pages) => {
      expect((await again({ pages })).pages).toBe(pages);
    });

    it.each([true, false])('the flag %s', async (lent) => {
      expect((await again({ lent })).lent).toBe(lent);
      expect(await books().countBy({ lent })).toBe(1);
    });

    it.each([null, '', ' padded ', "quote ' and \\ backslash", '😀'.repeat(1000)])('the text %j', async (summary) => {
      expect((await again({ summary })).summary).toBe(summary);
    });
  });

  describe('equality is byte by byte', () => {
    it.each([
      ['case', 'Admin', 'admin'],
      ['accents', 'resume', 'résumé'],
      ['trailing blanks', 'admin', 'admin '],
      ['composition', '\u00e9', 'e\u0301'],
      ['letters that fold together', 'ß', 'ss'],
      ['invisible letters', 'admin', 'ad\u200bmin'],
    ])('%s', async (_, one, other) => {
      await shelves().insert({ id: one, label: one });
      expect(await shelves().findOneBy({ id: other })).toBeNull();
      expect(await shelves().findOneBy({ label: other })).toBeNull();
      await shelves().insert({ id: other, label: other });
      expect((await shelves().findOneByOrFail({ id: one })).label).toBe(one);
      await shelves().delete({ id: other });
      expect(await shelves().existsBy({ id: one })).toBe(true);
    });
  });

  describe(isUniqueViolation.name, () => {
    const failure = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );

    it('sees a unique index', async () => {
      expect(isUniqueViolation(await failure(shelves().insert({ id: 'other', label: 's' })))).toBe(true);
    });

    it('sees a primary key', async () => {
      expect(isUniqueViolation(await failure(shelves().insert({ id: 's', label: 'other' })))).toBe(true);
    });

    it('sees nothing else', async () => {
      const foreignKey = await failure(insert({ shelfId: 'none' }));
      expect(foreignKey).toBeInstanceOf(Error);
      expect(isUniqueViolation(foreignKey)).toBe(false);
      expect(isUniqueViolation(new Error('23505'))).toBe(false);
      expect(isUniqueViolation(undefined)).toBe(false);
    });
  });

  it('deletes rows with what they hang on', async () => {
    await insert({});
    await shelves().delete({ id: 's' });
    expect(await books().count()).toBe(0);
  });
}, LIBRARY);
