import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type Repository } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { databaseSettings } from '../../test/fixtures/database/database-settings.js';
import { LIBRARY } from '../../test/fixtures/database/library.js';
import { Shelf } from '../../test/fixtures/database/shelf.entity.js';
import { DatabaseHealth } from './database-health.js';
import { DatabaseModule } from './database.module.js';
import { DatabaseSettings } from './database.settings.js';
import { QueryCounter } from './query-counter.js';
import { UnitOfWork } from './unit-of-work.js';

@Injectable()
class Shelves {
  constructor(@InjectRepository(Shelf) readonly rows: Repository<Shelf>) {}
}

@Module({ imports: [TypeOrmModule.forFeature([Shelf])], providers: [Shelves] })
class ShelvesModule {}

const settings = { provide: DatabaseSettings, useValue: databaseSettings({ DATABASE_URL: 'sqlite::memory:' }) };

@Module({ providers: [settings], exports: [settings] })
class TestSettingsModule {
  static forRoot() {
    return { module: TestSettingsModule, global: true };
  }
}

describe(DatabaseModule.name, () => {
  const compile = () =>
    Test.createTestingModule({
      imports: [TestSettingsModule.forRoot(), DatabaseModule.forRoot(LIBRARY), ShelvesModule],
    }).compile();

  it('gives features their repositories, a unit of work and a health check', async () => {
    const app = await compile();
    await app.get(UnitOfWork).run((manager) => manager.insert(Shelf, { id: 'a', label: 'A' }));
    expect(await app.get(Shelves).rows.count()).toBe(1);
    await app.get(DatabaseHealth).ping();
    await app.close();
  });

  it('counts statements, and none without one', async () => {
    const app = await compile();
    const counter = app.get(QueryCounter);
    const before = counter.statements;
    expect(before).toBeGreaterThan(0);
    await app.get(Shelves).rows.count();
    expect(counter.statements - before).toBe(1);
    await app.close();
  });

  it('closes the connection at shutdown, after which the health check fails', async () => {
    const app = await compile();
    const health = app.get(DatabaseHealth);
    const dataSource = app.get(DataSource);
    await app.close();
    expect(dataSource.isInitialized).toBe(false);
    await expect(health.ping()).rejects.toThrow();
  });
});
