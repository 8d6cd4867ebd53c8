import mysql, { type PoolConnection, type PoolOptions } from 'mysql2';

// NO_BACKSLASH_ESCAPES would break mysql2's escaping, and a lax mode cuts values to fit.
const SQL_MODE =
  'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

/**
 * The `mysql2` that TypeORM gets: every new connection is first brought into the same state, whatever the server's
 * defaults are. A connection that refuses is closed, so that no statement runs on it.
 *
 * @param statementSeconds 0 is no limit; MySQL stops only SELECTs, MariaDB every statement
 */
export function mysqlDriver(statementSeconds: number) {
  const session = [
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    // Each server reads its own kind of comment.
    `SET SESSION sql_mode = '${SQL_MODE}' /*M!100101 , SESSION max_statement_time = ${statementSeconds} */` +
      ` /*!80000 , SESSION max_execution_time = ${statementSeconds * 1000} */`,
  ];
  const prepare = (connection: PoolConnection): void => {
    for (const statement of session) connection.query(statement, (error) => error && connection.destroy());
  };
  return {
    createPool(options: PoolOptions) {
      return mysql.createPool(options).on('connection', prepare);
    },
  };
}
