import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { KeyFiles } from '../../../../test/fixtures/key-files.js';
import { FileBackend } from './file-backend.js';
import { readKeyLines } from './read-key-lines.js';

const files = new KeyFiles();
afterAll(() => files.remove());
const key = (): string => randomBytes(32).toString('base64');
const [ONE, TWO] = [key(), key()];

describe(readKeyLines.name, () => {
  it('reads keys in their order, past comments and empty lines', () => {
    const keys = readKeyLines(files.write(`# of 2026\nk2:${TWO}\r\n\n  k1:${ONE}  \n`));
    expect(keys).toEqual([
      { id: 'k2', key: Buffer.from(TWO, 'base64') },
      { id: 'k1', key: Buffer.from(ONE, 'base64') },
    ]);
  });

  it.each([0o600, 0o400, 0o440])('takes the mode %o', (mode) => {
    expect(readKeyLines(files.write(`k1:${ONE}`, mode))).toHaveLength(1);
  });

  it.each([0o604, 0o620, 0o602, 0o644, 0o666])('refuses the mode %o', (mode) => {
    expect(() => readKeyLines(files.write(`k1:${ONE}`, mode))).toThrow('others can read or change');
  });

  it.each([
    ['nothing', '# nothing\n', 'holds no key'],
    ['no id', ONE, 'line 1 is not'],
    ['a short key', `k1:${randomBytes(16).toString('base64')}`, 'line 1 is not'],
    ['a long key', `k1:${randomBytes(33).toString('base64')}`, 'line 1 is not'],
    ['a strange id', `k 1:${ONE}`, 'line 1 is not'],
    ['an id that stands twice', `k1:${ONE}\nk1:${TWO}`, 'stands twice'],
    ['a key of zeros', `k1:${Buffer.alloc(32).toString('base64')}`, 'no random key'],
    ['too many keys', Array.from({ length: 33 }, (_, at) => `k${at}:${key()}`).join('\n'), 'more than 32'],
    ['too much', `# ${'x'.repeat(17_000)}\n`, 'larger than'],
  ])('refuses %s, and repeats no key', (_, text, why) => {
    const path = files.write(text);
    let message = '';
    try {
      readKeyLines(path);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(why);
    expect(message).toContain(path);
    expect(message).not.toContain(ONE.slice(0, 8));
  });

  it('refuses what is no file, and what is not there', () => {
    expect(() => readKeyLines(files.folder)).toThrow('not a file');
    const gone = files.write('x');
    chmodSync(gone, 0o600);
    rmSync(gone);
    expect(() => readKeyLines(gone)).toThrow('ENOENT');
  });
});

describe(FileBackend.name, () => {
  it('unwraps with a key that is not the first any more, and no longer when that is gone', async () => {
    const before = new FileBackend(files.write(`k1:${ONE}`));
    const wrapped = await before.wrap(randomBytes(32), 'c');
    const rotated = new FileBackend(files.write(`k2:${TWO}\nk1:${ONE}`));
    expect(wrapped.keyId).toBe('k1');
    await expect(rotated.unwrap(wrapped, 'c')).resolves.toHaveLength(32);
    expect((await rotated.wrap(randomBytes(32), 'c')).keyId).toBe('k2');
    await expect(new FileBackend(files.write(`k2:${TWO}`)).unwrap(wrapped, 'c')).rejects.toThrow('without the key k1');
    await expect(new FileBackend(files.write(`k1:${TWO}`)).unwrap(wrapped, 'c')).rejects.toThrow('another key');
  });

  it('names its setting when it has no file', () => {
    expect(() => new FileBackend(undefined)).toThrow('KEY_FILE_PATH is required');
    expect(() => new FileBackend('/none')).toThrow('KEY_FILE_PATH names /none');
  });
});
