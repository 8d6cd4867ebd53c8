import { beforeEach, describe, expect, it } from 'vitest';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { LIBRARY } from '../fixtures/database/library.js';
import { Shelf } from '../fixtures/database/shelf.entity.js';
import { onEveryDatabase } from './on-every-database.js';

/** Opens when as many as it waits for have come. */
function meetingOf(count: number): () => Promise<void> {
  let open: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    count -= 1;
    if (count === 0) open();
    return opened;
  };
}

describe(UnitOfWork.name, () => {
  onEveryDatabase((database) => {
    const shelves = () => database.dataSource.getRepository(Shelf);
    const unit = () => new UnitOfWork(database.dataSource);

    beforeEach(async () => {
      await shelves().createQueryBuilder().delete().execute();
      await shelves().insert(['a', 'b'].map((id) => ({ id, label: id })));
    });

    it('undoes everything when the work fails', async () => {
      const failing = unit().run(async (manager) => {
        await manager.update(Shelf, { id: 'a' }, { label: 'changed' });
        await manager.insert(Shelf, { id: 'c', label: 'c' });
        throw new Error('meant to fail');
      });
      await expect(failing).rejects.toThrow('meant to fail');
      expect((await shelves().find()).map(({ label }) => label).sort()).toEqual(['a', 'b']);
    });

    it('shows nothing to others before it ends', async () => {
      const meet = meetingOf(2);
      const seen = meet().then(() => shelves().count());
      const failing = unit().run(async (manager) => {
        await manager.insert(Shelf, { id: 'c', label: 'c' });
        await meet();
        await new Promise(setImmediate);
        throw new Error('meant to fail');
      });
      await expect(failing).rejects.toThrow('meant to fail');
      expect(await seen).toBe(2);
    });

    it.skipIf(database.engine === 'SQLite')('outlives a deadlock', async () => {
      const meet = meetingOf(2);
      const crossing = (first: string, second: string) => {
        let runs = 0;
        return unit().run(async (manager) => {
          runs += 1;
          await manager.update(Shelf, { id: first }, { label: `${first} by ${first}` });
          if (runs === 1) await meet();
          await manager.update(Shelf, { id: second }, { label: `${second} by ${first}` });
          return runs;
        });
      };
      const runs = await Promise.all([crossing('a', 'b'), crossing('b', 'a')]);
      expect(Math.max(...runs)).toBe(2);
    });

    it('decides on what it read when it is serializable', async () => {
      const leaveOne = () =>
        unit().run(async (manager) => {
          const all = await manager.find(Shelf);
          await new Promise(setImmediate);
          if (all.length > 1) await manager.delete(Shelf, { id: all[0]?.id ?? '' });
        }, 'SERIALIZABLE');
      await Promise.all([leaveOne(), leaveOne()]);
      expect(await shelves().count()).toBe(1);
    });

    it('keeps 60 concurrent ones apart', async () => {
      const tasks = Array.from({ length: 60 }, (_, index) =>
        unit().run(async (manager) => {
          await manager.insert(Shelf, { id: `t${index}`, label: `t${index}` });
          if (index % 2) throw new Error('meant to fail');
        }),
      );
      const settled = await Promise.allSettled(tasks);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
      expect(await shelves().count()).toBe(32);
    });
  }, LIBRARY);
});
