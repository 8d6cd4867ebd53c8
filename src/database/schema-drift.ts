import type { DataSource } from 'typeorm';

/** The statements that would make the schema fit the entities; none when migrations and entities agree. */
export async function schemaDrift(dataSource: DataSource): Promise<readonly string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}
