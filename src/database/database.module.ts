import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DatabaseHealth } from './database-health.js';
import { DatabaseSettings } from './database.settings.js';
import { openDatabase } from './open-database.js';
import { QueryCounter } from './query-counter.js';
import type { SchemaLists } from './schema-lists.js';
import { UnitOfWork } from './unit-of-work.js';

/**
 * The one `DataSource` of the application, migrated before anything else starts. Features add
 * `TypeOrmModule.forFeature([…])` and inject repositories. What has to be written at shutdown is written in
 * `beforeApplicationShutdown` at the latest: the connection closes after that.
 */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  static forRoot(schema: SchemaLists): DynamicModule {
    const dataSource = {
      provide: DataSource,
      inject: [DatabaseSettings, QueryCounter],
      useFactory: (settings: DatabaseSettings, logger: QueryCounter) => openDatabase(settings, { ...schema, logger }),
    };
    return {
      module: DatabaseModule,
      global: true,
      providers: [dataSource, QueryCounter, UnitOfWork, DatabaseHealth],
      exports: [DataSource, QueryCounter, UnitOfWork, DatabaseHealth],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
