import type { QueryRunner } from 'typeorm';

/**
 * Makes the tables that are still to come compare text byte by byte, as SQLite and PostgreSQL do: by default MySQL
 * takes `Admin` for `admin`, and even `utf8mb4_bin` takes `admin ` for it. Neither of the two collations pads.
 */
export async function useBinaryCollation(runner: QueryRunner): Promise<void> {
  const [row] = await runner.query(
    'SELECT DATABASE() AS name, VERSION() AS version, @@collation_database AS collation',
  );
  const wanted = String(row.version).includes('MariaDB') ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
  if (row.collation === wanted) return;
  await runner.query(`ALTER DATABASE ${quote(row.name)} CHARACTER SET utf8mb4 COLLATE ${wanted}`);
}

function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
