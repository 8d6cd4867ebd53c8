import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Transpiled } from '../../test/fixtures/transpiled.js';
import { applicationLog } from './application-log.js';

const sources = new Transpiled(['src/operations/application-log.ts', 'src/config/secret.ts']);
const EVIL = 'a\r\n2026-01-01T00:00:00Z error {"message":"forged"}\u001b[31m\u009b2J\u2028b\u0000';

/** What a process writes that logs so. */
function written(level: string, format: string, body: string): { out: string[]; err: string[] } {
  const program = `
    import { applicationLog } from './application-log.js';
    import { Secret } from './secret.js';
    const log = applicationLog(${JSON.stringify({ level, format })});
    const EVIL = ${JSON.stringify(EVIL)};
    ${body}`;
  const main = join(sources.folder, 'main.js');
  writeFileSync(main, program);
  const { stdout, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
  const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  return { out: linesOf(stdout), err: linesOf(stderr) };
}

describe(applicationLog.name, () => {
  afterAll(() => sources.remove());

  it.each(['json', 'text'])('writes one line for one entry, in %s, whatever it holds', (format) => {
    const { out, err } = written(
      'info',
      format,
      'log.log({ message: EVIL, name: EVIL }, EVIL); log.error(new Error(EVIL));',
    );
    expect([out.length, err.length]).toEqual([1, 1]);
    for (const line of [...out, ...err]) {
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(JSON.parse(line.slice(line.indexOf('{')))).toBeTypeOf('object');
    }
    expect(out.join()).toContain('\\r\\n2026');
  });

  it('is JSON with time and level, or text that begins with them', () => {
    const [json = ''] = written('info', 'json', 'log.log({ message: "hello", n: 1 });').out;
    expect(JSON.parse(json)).toMatchObject({ level: 'info', message: 'hello', n: 1, timestamp: expect.any(String) });
    const [text = ''] = written('info', 'text', 'log.log({ message: "hello", n: 1 });').out;
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z info \{.*"message":"hello"/);
  });

  it('writes errors with their stack to standard error, and nothing below its level', () => {
    const body =
      'log.warn("w"); log.log("l"); log.debug("d"); log.error({ message: "m", error: new TypeError("why") });';
    const { out, err } = written('warn', 'json', body);
    expect(out.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(['w']);
    expect((JSON.parse(err[0] ?? '') as { error: string }).error).toMatch(/^TypeError: why\n +at /);
  });

  it.each(['json', 'text'])('never shows a secret, in %s', (format) => {
    const body = `const secret = new Secret('hunter2');
      log.error({ message: secret, secret, nested: [{ secret }] }); log.error(\`\${secret}\`);
      log.error({ message: 'm', error: new Error('e', { cause: secret }) });`;
    const { out, err } = written('debug', format, body);
    expect(err).toHaveLength(3);
    expect([...out, ...err].join()).not.toContain('hunter2');
  });
});
