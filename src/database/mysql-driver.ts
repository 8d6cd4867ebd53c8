import mysql, { type PoolConnection, type PoolOptions } from 'mysql2';

// NO_BACKSLASH_ESCAPES would break mysql2's escaping, and a lax mode cuts values to fit.
const SQL_MODE =
  'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

/**
 * The statement that brings a session into a known state, whatever the server's defaults are.
 * @param statementSeconds 0 is no limit; MySQL stops only SELECTs, MariaDB every statement
 */
export function mysqlSession(statementSeconds: number): string {
  // Each server reads its own kind of comment.
  const mariadb = `/*M!100101 , SESSION max_statement_time = ${statementSeconds} */`;
  const oracle = `/*!80000 , SESSION max_execution_time = ${statementSeconds * 1000} */`;
  return `SET SESSION sql_mode = '${SQL_MODE}' ${mariadb} ${oracle}`;
}

/**
 * The `mysql2` that TypeORM gets: it prepares every new connection. One that refuses is closed, so that no statement
 * runs on it.
 */
export function mysqlDriver(statementSeconds: number) {
  const statements = ['SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', mysqlSession(statementSeconds)];
  const prepare = (connection: PoolConnection): void => {
    for (const statement of statements) connection.query(statement, (error) => error && connection.destroy());
  };
  return {
    createPool(options: PoolOptions) {
      return mysql.createPool(options).on('connection', prepare);
    },
  };
}
