import { describe, expect, it } from 'vitest';
import { DatabaseUrlError, parseDatabaseUrl, type ServerTarget } from './database-url.js';

function server(text: string): ServerTarget {
  const target = parseDatabaseUrl(text);
  if (target.engine === 'sqlite') throw new TypeError('not a server');
  return target;
}

describe(parseDatabaseUrl.name, () => {
  it.each([
    ['sqlite:///./mcp.db', './mcp.db'],
    ['sqlite:///mcp.db', 'mcp.db'],
    ['sqlite:///../data/mcp.db', '../data/mcp.db'],
    ['sqlite:////var/lib/mcp.db', '/var/lib/mcp.db'],
    ['sqlite+aiosqlite:////var/lib/mcp.db', '/var/lib/mcp.db'],
    ['sqlite:data/mcp.db', 'data/mcp.db'],
    ['sqlite:/var/lib/mcp.db', '/var/lib/mcp.db'],
    ['SQLite::memory:', ':memory:'],
    ['sqlite:///:memory:', ':memory:'],
    ['sqlite://', ':memory:'],
    ['file:data/mcp.db', 'data/mcp.db'],
    ['file:///var/lib/my%20file.db', '/var/lib/my file.db'],
    ['file::memory:', ':memory:'],
  ])('reads %s as the file %s', (text, path) => {
    expect(parseDatabaseUrl(text)).toEqual({ engine: 'sqlite', path });
  });

  it.each([
    ['postgres://u:p@db:6432/gate', 'postgres', 6432],
    ['postgresql://u:p@db/gate', 'postgres', 5432],
    ['postgresql+psycopg://u:p@db/gate', 'postgres', 5432],
    ['postgresql+psycopg2://u:p@db/gate', 'postgres', 5432],
    ['mysql://u:p@db/gate', 'mysql', 3306],
    ['mysql+pymysql://u:p@db:3307/gate?charset=utf8mb4', 'mysql', 3307],
    ['mariadb://u:p@db/gate', 'mariadb', 3306],
    ['mariadb+mariadbconnector://u:p@db/gate', 'mariadb', 3306],
  ])('reads %s', (text, engine, port) => {
    const target = server(text);
    expect(target).toMatchObject({ engine, port, host: 'db', username: 'u', database: 'gate', sslMode: undefined });
    expect(target.password.reveal()).toBe('p');
  });

  it('decodes credentials and names', () => {
    const target = server('postgresql://us%40er:p%2F%3A%40%25@db/my%20gate');
    expect(target).toMatchObject({ username: 'us@er', database: 'my gate' });
    expect(target.password.reveal()).toBe('p/:@%');
  });

  it('takes the brackets off an IPv6 address', () => {
    expect(server('postgresql://u@[::1]:5432/gate').host).toBe('::1');
  });

  it.each([['verify-full'], ['require'], ['disable']])('reads sslmode=%s', (mode) => {
    expect(server(`postgresql://u:p@db/gate?sslmode=${mode}`).sslMode).toBe(mode);
  });

  it.each([
    'oracle://u:hunter2@db/gate',
    'hunter2',
    '',
    'postgresql:hunter2',
    'postgresql://u:hunter2@db',
    'postgresql://u:hunter2@/gate',
    'postgresql://u:hunter2@db/gate/more',
    'postgresql://u:hunter2/x@db/gate',
    'postgresql://u:hunter2%ZZ@db/gate',
    'postgresql://u:hunter2@db:99999/gate',
    'postgresql://u:hunter2@db/gate?sslmode=prefer',
    'postgresql://u:p@db/gate?password=hunter2',
    'mysql://u:hunter2@db/gate?charset=latin1',
    'sqlite://hunter2/gate.db',
    'sqlite:///gate.db?key=hunter2',
  ])('refuses %s and repeats none of it', (text) => {
    const refusal = () => parseDatabaseUrl(text);
    expect(refusal).toThrow(DatabaseUrlError);
    expect(refusal).not.toThrow(/hunter2/);
  });

  it('names the forms that it knows', () => {
    expect(() => parseDatabaseUrl('oracle://db')).toThrow(/sqlite:.*postgresql:.*mysql:.*mariadb:/);
  });
});
