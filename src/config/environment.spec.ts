import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Environment } from './environment.js';

describe(Environment.name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-environment-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prefers the process to the file, and the file to the defaults', () => {
    const environment = new Environment({ A: 'process' }, { A: 'file', B: 'file' }, { A: '-', B: '-', C: 'default' });
    expect(['A', 'B', 'C', 'D'].map((name) => environment.get(name))).toEqual([
      'process',
      'file',
      'default',
      undefined,
    ]);
  });

  it.each(['', ' ', '\t\n'])('takes "%s" for absent, and looks further', (empty) => {
    expect(new Environment({ A: empty }, { A: 'file' }).get('A')).toBe('file');
    expect(new Environment({ A: empty }, { A: empty }, { A: 'default' }).get('A')).toBe('default');
    expect(new Environment({ A: empty }, { A: empty }).get('A')).toBeUndefined();
  });

  it('takes the white space around a value off', () => {
    expect(new Environment({ A: ' some text\n' }).get('A')).toBe('some text');
  });

  it.each(['constructor', '__proto__', 'toString'])('has no variable %s unless somebody set it', (name) => {
    expect(new Environment({}, {}).get(name)).toBeUndefined();
  });

  it('puts defaults under what it has, and leaves itself as it was', () => {
    const bare = new Environment({ A: 'process' }, { B: 'file' });
    const more = bare.withDefaults({ A: '-', B: '-', C: 'default' });
    expect(['A', 'B', 'C'].map((name) => more.get(name))).toEqual(['process', 'file', 'default']);
    expect(bare.get('C')).toBeUndefined();
    expect([more.processNames(), more.fileNames()]).toEqual([['A'], ['B']]);
  });

  it('puts overrides over what it has, and leaves itself as it was', () => {
    const bare = new Environment({ A: 'process' }, { B: 'file' }, { C: 'default' });
    const changed = bare.withOverrides({ A: 'mine', B: 'mine', D: 'mine' });
    expect(['A', 'B', 'C', 'D'].map((name) => changed.get(name))).toEqual(['mine', 'mine', 'default', 'mine']);
    expect(bare.get('A')).toBe('process');
  });

  it('reads a file beside the process, and needs none', () => {
    const path = join(folder, '.env');
    writeFileSync(path, '# a comment\nPORTCULLIS_TEST="from the file"\nexport OTHER=1\n');
    expect(Environment.ofProcess(path).get('PORTCULLIS_TEST')).toBe('from the file');
    expect(Environment.ofProcess(path).fileNames()).toEqual(['PORTCULLIS_TEST', 'OTHER']);
    expect(Environment.ofProcess(join(folder, 'absent')).fileNames()).toEqual([]);
  });
});
